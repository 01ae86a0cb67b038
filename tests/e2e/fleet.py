"""The processes of a product, as production starts them: web, and one worker or several with beat beside them."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import requests
from django.conf import settings

from tests import services
from tests.simulator_control import wait_for
from wxcore.processes import PR_SET_PDEATHSIG, free_port

MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]
CELERY = [sys.executable, "-m", "celery", "-A", "wxcore"]
# On one machine beat is a thread of the only worker; with services there are several, on both kinds of pool.
EMBEDDED_WORKERS = {"worker": [*MANAGE, "worker"]}
SERVICE_WORKERS = {
    "beat": [*CELERY, "beat", "--schedule", os.devnull],
    "prefork": [*CELERY, "worker", "--pool", "prefork", "--concurrency", "2"],
    "threads": [*CELERY, "worker"],
}
WORKERS = SERVICE_WORKERS if services.WANTED else EMBEDDED_WORKERS


def environment(directory: Path, database_url: str) -> dict[str, str]:
    """This will be the environment of a product: as in production, but with less patience."""
    for_tests = ("STATICFILES_STORAGE", "STREAM_SECONDS")
    inherited = {name: value for name, value in os.environ.items() if name not in for_tests}
    shared = {"CACHE_URL": os.environ["CELERY_BROKER_URL"]} if services.WANTED else {}
    return (
        inherited
        | shared
        | {
            "DATA_DIR": str(directory),
            "DATABASE_URL": database_url,
            "BROADCAST_LEASE_SECONDS": "2",
            "UPLOAD_LEASE_SECONDS": "8",
            "BROADCAST_RETRY_SECONDS": "1",
        }
    )


class Fleet:
    """What runs on one database. Every process leads a group of its own, so that its children die with it."""

    def __init__(self, directory: Path, environment: Mapping[str, str]) -> None:
        self._directory = directory
        self._environment = environment
        self._web: subprocess.Popen[bytes] | None = None
        self._workers: dict[str, subprocess.Popen[bytes]] = {}
        self.site = f"http://127.0.0.1:{free_port()}"

    def start_web(self) -> None:
        """This will start the web server and return when it is ready."""
        address = self.site.removeprefix("http://")
        command = [sys.executable, "-m", "gunicorn", "wxcore.wsgi", "--bind", address, "--worker-class", "gthread"]
        self._web = self.launch("web", [*command, "--threads", "8", "--no-control-socket"])
        wait_for(self._is_ready, 60)

    def start_workers(self, *names: str) -> None:
        """This will start all workers with beat, or those that are named."""
        for name in names or WORKERS:
            self._workers[name] = self.launch(name, WORKERS[name])

    def terminate_web(self) -> None:
        """This will do what a deployment does: SIGTERM, and wait until it has ended by itself."""
        assert self._web is not None
        _end(self._web, signal.SIGTERM)

    def web_threads(self) -> int:
        """This will be how many threads the web server's process has (on Linux)."""
        assert self._web is not None
        children = Path(f"/proc/{self._web.pid}/task/{self._web.pid}/children").read_text().split()
        return sum(len(list(Path(f"/proc/{child}/task").iterdir())) for child in children)

    def kill_workers(self) -> None:
        """kill -9."""
        self._end_workers(signal.SIGKILL)

    def kill_web(self) -> None:
        """kill -9; `start_web` takes the same port again."""
        assert self._web is not None
        _end(self._web, signal.SIGKILL)

    def terminate_workers(self) -> None:
        """This will do what a deployment does: SIGTERM, and wait until each has ended by itself."""
        self._end_workers(signal.SIGTERM)

    def stop(self) -> None:
        self.kill_workers()
        if self._web is not None:
            _end(self._web, signal.SIGKILL)

    def log(self, name: str) -> str:
        return (self._directory / f"{name}.log").read_text()

    def launch(self, name: str, command: Sequence[str]) -> subprocess.Popen[bytes]:
        with (self._directory / f"{name}.log").open("ab") as output:
            return subprocess.Popen(
                command,
                env=self._environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=settings.BASE_DIR,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )

    def _end_workers(self, number: signal.Signals) -> None:
        for process in self._workers.values():
            _end(process, number)
        self._workers.clear()

    def _is_ready(self) -> bool:
        try:
            return requests.get(f"{self.site}/readyz", timeout=5).ok
        except requests.RequestException:
            return False


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _end(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if process.poll() is None:
        # A worker that is asked politely tells its children itself.
        os.killpg(process.pid, number) if number is signal.SIGKILL else process.send_signal(number)
    process.wait(40)
