"""Loaded before Django's settings (`-p tests.environment`): every run has a data directory of its own."""

import atexit
import os
import shutil
import tempfile

_directory = tempfile.mkdtemp(prefix="qunfa-tests-")
atexit.register(shutil.rmtree, _directory, ignore_errors=True)

for _name in ("DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL", "SECRET_KEY", "ENCRYPTION_KEYS"):
    os.environ.pop(_name, None)
os.environ["DATA_DIR"] = _directory
os.environ["STATICFILES_STORAGE"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
