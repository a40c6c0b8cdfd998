"""Gunicorn: two synchronous workers, and one line of log a request without personal data."""

worker_class = "sync"
workers = 2
# A worker that hangs longer than this is replaced; exports stream, so none takes as long.
timeout = 60
graceful_timeout = 5
preload_app = True
accesslog = "-"
# Moment, method, path, status, bytes, microseconds. No address, no query string (a search may hold
# a name), no user agent, no referrer: nothing personal can be in a log that holds none of them.
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s %(D)sµs"
