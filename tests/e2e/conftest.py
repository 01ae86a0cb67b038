"""Products to break: each test has its own, started from one migrated database."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import redis
from django.db import connection

from tests import services
from tests.e2e.databases import Database, PostgresDatabase, SqliteDatabase
from tests.e2e.fleet import MANAGE, environment
from tests.e2e.product import Product
from tests.e2e.world import ForkedWorkers, World
from tests.simulator_control import Control
from wxcore.simulator.app import Simulator

_numbers = count(1)


class Template(NamedTuple):
    """What every product begins with."""

    database: Database
    static: Path


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    directory = tmp_path_factory.mktemp("migrated")
    database: Database = SqliteDatabase(directory)
    if services.WANTED:
        database = PostgresDatabase(f"{connection.settings_dict['NAME']}_e2e")
    for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
        subprocess.run([*MANAGE, *command], env=environment(directory, database.url), check=True, timeout=120)
    yield Template(database, directory / "static")
    database.drop()


@pytest.fixture
def no_tasks() -> None:
    """The broker has nothing of an earlier test."""
    if services.WANTED:
        redis.Redis.from_url(os.environ["CELERY_BROKER_URL"]).delete("celery", "unacked", "unacked_index")


@pytest.fixture(scope="session")
def demo(
    migrated: Template, tmp_path_factory: pytest.TempPathFactory, simulator_server: Simulator
) -> Iterator[Product]:
    """A product with the demo's data, whose followers are mirrored, at rest: the others begin as copies of it."""
    simulator_server.reset()
    directory = tmp_path_factory.mktemp("demo")
    (directory / "static").symlink_to(migrated.static)
    database = migrated.database.copy_to("demo", directory)
    made = Product(directory, database, simulator_server.url)
    try:
        made.make()
        made.start()
        made.api().wait("syncs/", lambda sync: sync["status"] == "finished", "the followers are mirrored")
        made.rest()
        # Every world of the simulator has tokens of its own.
        made.sql("DELETE FROM wxcore_accesstoken")
        yield made
    finally:
        made.stop()
        database.drop()


@pytest.fixture
def product(demo: Product, tmp_path: Path, simulator: Simulator, no_tasks: None) -> Iterator[Product]:
    """Web and workers, with 300 simulated followers that are mirrored already, and a ready campaign to everybody."""
    directory = tmp_path / "data"
    running = demo.copy_to(directory, str(next(_numbers)))
    try:
        running.introduce()
        running.start()
        yield running
    finally:
        running.stop()
        running.database.drop()


@pytest.fixture
def variables() -> dict[str, str]:
    """What a test file wants otherwise in the environment of its world."""
    return {}


@pytest.fixture
def world(
    transactional_db: None,
    tmp_path: Path,
    control: Control,
    no_tasks: None,
    variables: dict[str, str],
    settings: Any,
) -> Iterator[World]:
    """Web without workers on the tests' own database."""
    settings.MEDIA_ROOT = str(tmp_path / "files")
    running = World(tmp_path, control, **variables)
    try:
        running.start()
        yield running
    finally:
        running.stop()
        # A pool whose connections were cut waits longer and longer before it makes new ones.
        if connection.vendor == "postgresql":
            connection.close_pool()


@pytest.fixture
def forked(world: World) -> Iterator[ForkedWorkers]:
    """Workers that are started within moments, and can be told when to die and how late it is."""
    workers = ForkedWorkers(world)
    yield workers
    workers.stop()
