"""The product as real processes on a data directory of its own: web, worker, SQLite."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import requests
from django.conf import settings

from campaigns.management.commands.demo import Api
from tests.simulator_control import wait_for
from wxcore.processes import free_port

MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]


def environment(directory: Path) -> dict[str, str]:
    """This will be the environment of a product on `directory`: as in production, but with less patience."""
    inherited = {name: value for name, value in os.environ.items() if name != "STATICFILES_STORAGE"}
    return inherited | {
        "DATA_DIR": str(directory),
        "TICK_SECONDS": "0.2",
        "BROADCAST_LEASE_SECONDS": "2",
        "UPLOAD_LEASE_SECONDS": "8",
        "BROADCAST_RETRY_SECONDS": "1",
    }


class Product:
    """Web and worker over one SQLite file; `kill_worker` is kill -9."""

    def __init__(self, directory: Path, simulator_url: str) -> None:
        self.directory = directory
        self.simulator_url = simulator_url
        self.site = f"http://127.0.0.1:{free_port()}"
        self._web: subprocess.Popen[bytes] | None = None
        self._worker: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """This will create the demo account at the simulator and start web and worker."""
        self.manage("demo_data", "--simulator", self.simulator_url, "--site", self.site, "--followers", "300")
        address = self.site.removeprefix("http://")
        command = [sys.executable, "-m", "gunicorn", "wxcore.wsgi", "--bind", address, "--worker-class", "gthread"]
        self._web = self._launch("web", [*command, "--threads", "4", "--no-control-socket"])
        self.start_worker()
        wait_for(self._is_ready, 30)

    def start_worker(self) -> None:
        self._worker = self._launch("worker", [*MANAGE, "worker"])

    def kill_worker(self) -> None:
        assert self._worker is not None
        self._worker.send_signal(signal.SIGKILL)
        self._worker.wait(10)

    def stop(self) -> None:
        for process in (self._web, self._worker):
            if process is not None and process.poll() is None:
                process.kill()
                process.wait(10)

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [*MANAGE, *arguments],
            env=environment(self.directory),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.directory / "qunfa.sqlite3", timeout=20) as connection:
            return connection.execute(statement, values).fetchall()

    def api(self) -> Api:
        return Api(self.site, **self.login())

    def login(self) -> dict[str, str]:
        return json.loads((self.directory / "demo-login.json").read_text())

    def log(self, name: str) -> str:
        return (self.directory / f"{name}.log").read_text()

    def _launch(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        with (self.directory / f"{name}.log").open("ab") as output:
            return subprocess.Popen(
                command, env=environment(self.directory), stdout=output, stderr=subprocess.STDOUT, cwd=settings.BASE_DIR
            )

    def _is_ready(self) -> bool:
        try:
            return requests.get(f"{self.site}/readyz", timeout=5).ok
        except requests.RequestException:
            return False
