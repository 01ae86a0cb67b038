"""Loaded before Django's settings (`-p tests.environment`): every run has a data directory of its own.

With TEST_SERVICES=1 (`make test-services`) the run is on PostgreSQL and Redis instead of SQLite alone.
"""

import atexit
import os
import shutil
import tempfile

import pytest

from tests import services

_directory = tempfile.mkdtemp(prefix="qunfa-tests-")
atexit.register(shutil.rmtree, _directory, ignore_errors=True)

_given = {name: os.environ.pop(name, "") for name in ("DATABASE_URL", "CELERY_BROKER_URL")}
for _name in ("CACHE_URL", "SECRET_KEY", "ENCRYPTION_KEYS"):
    os.environ.pop(_name, None)
os.environ["DATA_DIR"] = _directory
# Tests of the pace set their own.
os.environ["MASS_CALLS_PER_MINUTE"] = "60000"
# A stream that a test reads to its end must have one.
os.environ["STREAM_SECONDS"] = "0"
# Tests of the rates set their own.
os.environ["API_RATE"] = os.environ["API_RATE_ANONYMOUS"] = ""
os.environ["STATICFILES_STORAGE"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
if services.WANTED:
    os.environ.update(services.environment(_given["DATABASE_URL"], _given["CELERY_BROKER_URL"]))
    atexit.register(services.clean)


def pytest_report_header() -> list[str]:
    return services.header() if services.WANTED else []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if services.WANTED:
        left_out = [item for item in items if not services.touches(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if services.touches(item)]
