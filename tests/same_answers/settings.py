"""The settings of the site as the public meets it, at a moment that stands still until an act moves it."""

import os
from datetime import datetime

from django.utils import timezone

from initiatives.settings import *  # noqa: F403

# In the environment: the processes that the site starts are at the same moment.
MOMENT = "SAME_ANSWERS_MOMENT"
# Read from the system's clock, which goes on: a recording takes longer than some limits allow.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 24 * 3600


def now() -> datetime:
    return datetime.fromisoformat(os.environ[MOMENT])


timezone.now = now
