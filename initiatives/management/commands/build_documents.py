import logging
import os
from time import sleep

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections, reset_queries

from initiatives.publication.jobs import ask_for_what_is_lost, build_next
from initiatives.runtime.sqlite.base import DatabaseWrapper

logger = logging.getLogger("initiatives")

# Seconds between two looks at the table.
PAUSE = 3


class Command(BaseCommand):
    help = (
        "Make the PDF and the archives of the publications that wait for theirs, and end; with --wait, stay for those"
        " to come. Several may run: each document is made by one. Killed at any moment, the next one takes up its work."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--wait", action="store_true", help="stay until whoever started this command is gone")

    def handle(self, *, wait, verbosity, **options):
        parent = os.getppid()
        # What the server starts makes no database either where that was moved away.
        DatabaseWrapper.creates = not wait
        if not wait:
            self.work(verbosity)
        while wait and os.getppid() == parent:
            try:
                self.work(verbosity)
            except (DatabaseError, InterfaceError, OSError) as fault:
                # A database that is away or locked comes back, and a full disk is emptied.
                logger.warning("documents wait: %s", type(fault).__name__)
            reset_queries()
            close_old_connections()
            sleep(PAUSE)

    def work(self, verbosity: int):
        """Make all that waits."""
        ask_for_what_is_lost()
        while document := build_next():
            if verbosity:
                self.stdout.write(f"{document.edition}: {document.get_status_display()} {document.fault}".strip())
