"""The product as real processes on a database of its own, with the demo's data."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import requests

from campaigns.management.commands.demo import Api
from tests.e2e.databases import Database
from tests.e2e.fleet import MANAGE, Fleet, environment

FOLLOWERS = "300"
SITE = "http://site"
# What the demo's command tells the simulator, for the copies of a product.
INTRODUCTION = f"""
import json
from campaigns.management.commands.demo_data import SLUG, introduction
from wxcore.models import OfficialAccount
print(json.dumps(introduction(OfficialAccount.objects.get(slug=SLUG), "{SITE}", {FOLLOWERS})))
"""


class Product:
    """Web and workers over one database; `kill_worker` is kill -9 of all that work."""

    def __init__(self, directory: Path, database: Database, simulator_url: str) -> None:
        self.directory = directory
        self.simulator_url = simulator_url
        self.database = database
        self._environment = environment(directory, database.url)
        self._fleet = Fleet(directory, self._environment)
        self.site = self._fleet.site

    def make(self) -> None:
        """This will create the demo account, here and at the simulator."""
        self.manage("demo_data", "--simulator", self.simulator_url, "--site", self.site, "--followers", FOLLOWERS)
        (self.directory / "introduction.json").write_text(self.manage("shell", "--no-imports", "-c", INTRODUCTION))

    def introduce(self) -> None:
        """This will tell the simulator of the account: its world is another one for each test."""
        told = (self.directory / "introduction.json").read_text().replace(SITE, self.site)
        for verb, body in json.loads(told).items():
            requests.post(f"{self.simulator_url}/_sim/{verb}", json=body, timeout=30).raise_for_status()

    def start(self) -> None:
        """This will start web and worker."""
        self.start_worker()
        self._fleet.start_web()

    def copy_to(self, directory: Path, name: str) -> Product:
        """This will be another product that begins with what this one, at rest, has."""
        shutil.copytree(self.directory, directory, symlinks=True, ignore=shutil.ignore_patterns("*.log", "*.sqlite3*"))
        return Product(directory, self.database.copy_to(name, directory), self.simulator_url)

    def start_worker(self) -> None:
        self._fleet.start_workers()

    def kill_worker(self) -> None:
        self._fleet.kill_workers()

    def stop(self) -> None:
        self._fleet.stop()

    def rest(self) -> None:
        """This will end everything in peace, so that its data may be copied."""
        self._fleet.terminate_workers()
        self._fleet.stop()
        self.database.settle()

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [*MANAGE, *arguments], env=self._environment, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self.database.sql(statement, *values)

    def api(self) -> Api:
        return Api(self.site, **self.login())

    def login(self) -> dict[str, str]:
        return json.loads((self.directory / "demo-login.json").read_text())

    def log(self, name: str) -> str:
        return self._fleet.log(name)
