"""What the application shows in the admin; found here by Django, after what allauth registers."""

from .staff import admin  # noqa: F401
