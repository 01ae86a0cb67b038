"""The product as real processes on a database of its own, with the demo's data."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from campaigns.management.commands.demo import Api
from tests.e2e.databases import Database
from tests.e2e.fleet import MANAGE, Fleet, environment


class Product:
    """Web and workers over one database; `kill_worker` is kill -9 of all that work."""

    def __init__(self, directory: Path, database: Database, simulator_url: str) -> None:
        self.directory = directory
        self.simulator_url = simulator_url
        self._database = database
        self._environment = environment(directory, database.url)
        self._fleet = Fleet(directory, self._environment)
        self.site = self._fleet.site

    def start(self) -> None:
        """This will create the demo account at the simulator and start web and worker."""
        self.manage("demo_data", "--simulator", self.simulator_url, "--site", self.site, "--followers", "300")
        self.start_worker()
        self._fleet.start_web()

    def start_worker(self) -> None:
        self._fleet.start_workers()

    def kill_worker(self) -> None:
        self._fleet.kill_workers()

    def stop(self) -> None:
        self._fleet.stop()

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [*MANAGE, *arguments], env=self._environment, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self._database.sql(statement, *values)

    def api(self) -> Api:
        return Api(self.site, **self.login())

    def login(self) -> dict[str, str]:
        return json.loads((self.directory / "demo-login.json").read_text())

    def log(self, name: str) -> str:
        return self._fleet.log(name)
