"""The PostgreSQL and the Redis of `make test-services`: found, taken for this run, cleaned afterwards.

Databases are made beside the one that DATABASE_URL names, which itself is never touched, and are named after this
checkout. Of Redis one whole database is used, which must be empty or left behind by a run of ours.
"""

from __future__ import annotations

import hashlib
import os
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import redis

WANTED = bool(os.environ.get("TEST_SERVICES"))
DATABASE_URL = "postgres://postgres@127.0.0.1:5432/postgres"
REDIS_URL = "redis://127.0.0.1:6379"
REDIS_DATABASES = range(15, 0, -1)
MARK = "qunfa-tests"
SECONDS = 5


def environment(database_url: str, broker_url: str) -> dict[str, str]:
    """This will be what the settings must know. Ends the process with a clear message when a service is missing."""
    if not _is_worker():  # which inherits what the run has taken
        database_url, broker_url = _beside(database_url or DATABASE_URL), _take(broker_url)
    return {
        "DATABASE_URL": database_url,
        "CELERY_BROKER_URL": broker_url,
        "SECRET_KEY": "of-the-tests-only",
        "ENCRYPTION_KEYS": "hW5lqC2k0oN0o0mXr9E6sGm8bq1qVh0aY3n2kM7d4uE=",
    }


def clean() -> None:
    """This will empty the Redis database of this run."""
    if WANTED and not _is_worker():
        redis.Redis.from_url(os.environ["CELERY_BROKER_URL"]).flushdb()


def header() -> list[str]:
    """This will be the lines above the run."""
    return [
        f"services: {_shown(os.environ['DATABASE_URL'])}, {_shown(os.environ['CELERY_BROKER_URL'])}",
        "services: what touches the database and what starts processes is run; browser tests are left out",
    ]


def touches(item: pytest.Item) -> bool:
    """This will say whether a test can tell PostgreSQL and Redis from SQLite and none."""
    if item.get_closest_marker("browser"):
        return False
    if item.get_closest_marker("e2e") or item.get_closest_marker("django_db"):
        return True
    return bool({"db", "transactional_db"} & set(getattr(item, "fixturenames", ())))


def _beside(url: str) -> str:
    """This will be the URL of a database of this checkout's own, on the same server."""
    try:
        psycopg.connect(url, connect_timeout=SECONDS).close()
    except psycopg.Error as error:
        sys.exit(f"make test-services needs PostgreSQL at DATABASE_URL ({_shown(url)}): {error}")
    checkout = hashlib.sha256(__file__.encode()).hexdigest()[:8]
    return urlunsplit(urlsplit(url)._replace(path=f"/qunfa_{checkout}"))


def _take(url: str) -> str:
    """This will be the URL of a database of Redis that is ours for this run."""
    candidates = [url] if url else [f"{REDIS_URL}/{number}" for number in REDIS_DATABASES]
    try:
        free = next(filter(_is_taken, candidates), None)
    except redis.RedisError as error:
        sys.exit(f"make test-services needs Redis at CELERY_BROKER_URL ({_shown(candidates[0])}): {error}")
    if free is None:
        sys.exit(f"{_shown(candidates[0])} is not empty. Name another database of that Redis in CELERY_BROKER_URL.")
    return free


def _is_taken(url: str) -> bool:
    """This will take the database, unless somebody else has something in it."""
    with redis.Redis.from_url(url, socket_connect_timeout=SECONDS, decode_responses=True) as database:
        owner = database.get(MARK) or ""
        if database.dbsize() and not _is_left_behind(owner):
            return False
        database.flushdb()
        return bool(database.set(MARK, f"{socket.gethostname()} {os.getpid()}", nx=True))


def _is_left_behind(owner: str) -> bool:
    host, _, process = owner.partition(" ")
    return host == socket.gethostname() and not Path(f"/proc/{process}").exists()


def _is_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ


def _shown(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
