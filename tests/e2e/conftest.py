"""Products to break: each test has its own, started from one migrated database."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.product import MANAGE, Product, environment
from wxcore.simulator.app import Simulator


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("migrated")
    for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
        subprocess.run([*MANAGE, *command], env=environment(directory), check=True, timeout=120)
    return directory


@pytest.fixture
def product(migrated: Path, tmp_path: Path, simulator: Simulator) -> Iterator[Product]:
    """Web and worker, with 300 simulated followers that are mirrored already, and a ready campaign to everybody."""
    directory = tmp_path / "data"
    shutil.copytree(migrated, directory, ignore=shutil.ignore_patterns("static"))
    (directory / "static").symlink_to(migrated / "static")
    running = Product(directory, simulator.url)
    try:
        running.start()
        running.api().wait("syncs/", lambda sync: sync["status"] == "finished", "the followers are mirrored")
        yield running
    finally:
        running.stop()
