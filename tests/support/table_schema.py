"""Open data against its Table Schema."""

import csv
from contextlib import contextmanager

from frictionless import Resource, Schema, system


@contextmanager
def frictionless():
    limit = csv.field_size_limit()
    try:
        with system.use_context(trusted=True):
            yield
    finally:
        csv.field_size_limit(limit)  # which it raises for the whole process


def validate(path, descriptor: dict):
    """The faults that frictionless, which Validata is made of, finds in a CSV."""
    with frictionless():
        report = Resource(path=str(path), schema=Schema.from_descriptor(descriptor)).validate()
    return [(error.type, getattr(error, "field_name", "")) for task in report.tasks for error in task.errors]
