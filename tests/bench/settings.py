"""The settings of the site, and the two yardsticks among its addresses."""

from initiatives.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
