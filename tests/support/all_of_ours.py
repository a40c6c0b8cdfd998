"""Imports what any command may, for the settings of the environment."""

import django
from django.urls import get_resolver

django.setup()
get_resolver().url_patterns  # noqa: B018 -- imports the views, which the checks of each command would
