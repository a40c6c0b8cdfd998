import pytest


@pytest.fixture(autouse=True)
def _database(request):
    """Every test has the database, unless it says that it must not need one."""
    if "no_database" not in request.keywords:
        request.getfixturevalue("db")
