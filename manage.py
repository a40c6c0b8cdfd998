#!/usr/bin/env python
"""Command line of the project."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from environs import EnvError

from initiatives import file_modes

if __name__ == "__main__":
    os.umask(file_modes.UMASK)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "initiatives.settings")
    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, EnvError) as fault:
        # A setting is missing or wrong: the sentence says which, a traceback would hide it.
        sys.exit(str(fault))
