#!/usr/bin/env python
"""Command line of the project."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import DatabaseError, InterfaceError, OperationalError, ProgrammingError
from environs import EnvError

from initiatives.runtime import file_modes

if __name__ == "__main__":
    os.umask(file_modes.UMASK)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "initiatives.settings")
    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, EnvError) as fault:
        # A setting is missing or wrong: the sentence says which, a traceback would hide it.
        sys.exit(str(fault))
    except (DatabaseError, InterfaceError) as fault:
        # Away, locked, damaged (SQLite then says DatabaseError, no more) or without its tables; the rest is ours.
        is_theirs = isinstance(fault, InterfaceError | OperationalError | ProgrammingError)
        if "--traceback" in sys.argv or not (is_theirs or type(fault) is DatabaseError):
            raise
        sys.exit(
            f"CommandError: The database says: {str(fault).partition(chr(10))[0]}. Where it is new, manage.py prepare"
            " makes its tables; where it is damaged, restore a backup (README, « Backups »)."
        )
