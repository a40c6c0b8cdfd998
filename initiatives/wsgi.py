"""The WSGI application that gunicorn serves."""

import logging
import os

from django.core.wsgi import get_wsgi_application

from initiatives.runtime import file_modes
from initiatives.runtime.sqlite.base import DatabaseWrapper

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "initiatives.settings")

# Serving makes no database, and gives up a statement before the visitor does. Commands may do both:
# they make the database, and an index of a large table takes its time.
DatabaseWrapper.creates = False
os.environ.setdefault("PGOPTIONS", "-c statement_timeout=30s -c lock_timeout=10s")

os.umask(file_modes.UMASK)
application = get_wsgi_application()
for line in file_modes.close():
    logging.getLogger("initiatives").warning(line)
