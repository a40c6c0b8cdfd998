"""Logging: of a fault, where it is and of what kind, never a value.

The message of an exception quotes what it choked on: PostgreSQL prints the failing row, a form the
text that someone typed. Files, lines and classes are enough to find the mistake.
"""

import logging
import traceback


class DiscreetFormatter(logging.Formatter):
    def formatException(self, ei):  # noqa: N802 -- the name is logging's
        parts, exception = [], ei[1]
        while exception is not None:
            kind = f"{type(exception).__module__}.{type(exception).__qualname__}"
            parts.append("".join(traceback.format_tb(exception.__traceback__)) + kind)
            cause = exception.__cause__
            exception = cause or (None if exception.__suppress_context__ else exception.__context__)
        return "\nbecause of\n".join(parts)


def logging_of(*, debug: bool) -> dict:
    """The LOGGING of the settings: one line a fault on the console; a developer sees the values too."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": "logging.Formatter" if debug else "initiatives.runtime.logs.DiscreetFormatter",
                "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
            }
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "line"},
            "none": {"class": "logging.NullHandler"},
        },
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            # The access log has the refused requests; only failures of ours belong here. Messages of
            # DisallowedHost and of bad query strings would repeat what the visitor typed.
            "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
            "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
            "django.security": {"handlers": ["none"], "propagate": False},
            # It quotes what the servers of others send.
            "urllib3": {"handlers": ["none"], "propagate": False},
        },
    }
