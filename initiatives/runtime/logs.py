"""Log formatter: of a fault, where it is and of what kind, never a value.

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
