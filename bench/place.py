"""Where a run takes place: a directory of its own with migrated databases, and processes of their own.

Every side of a comparison is a fresh process with its own data directory, so that neither memory nor caches carry over.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import requests
from django.conf import settings

from wxcore.keys import generate
from wxcore.management.commands.run import web_command
from wxcore.processes import free_port

START_SECONDS = 60.0
# Taken away, because the settings of this process are those of one machine.
SERVER = os.environ.pop("DATABASE_URL", "") or "postgres://postgres@127.0.0.1:5432/postgres"
# The file of a data directory that names the database, where that is none of SQLite's.
DATABASE = "database-url"
# What a developer's environment may say, and a comparison must not hear.
OWN_SETTINGS = ("DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL", "SECRET_KEY", "ENCRYPTION_KEYS", "DEBUG")


class NoServer(Exception):
    """What is to be measured needs a service that is not there."""


class Place:
    """A directory for one run, and the ways to start something in it."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._template = directory / "template"
        self._databases = 0
        (self._template / "static").mkdir(parents=True)  # WhiteNoise looks for it

    def migrate(self) -> None:
        """This will make the empty database that every data directory begins with."""
        subprocess.run([*_manage("migrate"), "--verbosity", "0"], env=_environment(self._template), check=True)

    def data(self, name: str) -> Path:
        """This will be a fresh data directory: a migrated database and keys."""
        return Path(shutil.copytree(self._template, self._directory / name))

    def job(self, name: str, *arguments: object, data: Path) -> dict[str, Any]:
        """This will run `bench.jobs.<name>` to its end and be the JSON that it prints."""
        done = subprocess.run(
            _job(name, arguments), env=_environment(data), stdout=subprocess.PIPE, text=True, check=True
        )
        return json.loads(done.stdout)

    @contextmanager
    def conversation(self, name: str, *arguments: object, data: Path) -> Iterator[Conversation]:
        """This will keep `bench.jobs.<name>` running, for questions and answers."""
        command = _job(name, arguments)
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with subprocess.Popen(command, env=_environment(data), text=True, **pipes) as process:
            try:
                yield Conversation(process)
            finally:
                process.kill()

    @contextmanager
    def postgres(self) -> Iterator[Path]:
        """This will make a migrated database on the server of DATABASE_URL, and drop it; a data directory that uses it.

        Raises NoServer.
        """
        self._databases += 1
        name = f"qunfa_bench_{os.getpid()}_{self._databases}"
        data = self._directory / name
        (data / "static").mkdir(parents=True)
        try:
            connected = psycopg.connect(SERVER, autocommit=True, connect_timeout=5)
        except psycopg.OperationalError:
            raise NoServer("no PostgreSQL answers at DATABASE_URL") from None
        with connected as server:
            server.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
            try:
                (data / DATABASE).write_text(urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}")))
                subprocess.run([*_manage("migrate"), "--verbosity", "0"], env=_environment(data), check=True)
                yield data
            finally:
                server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]

    @contextmanager
    def simulator(self) -> Iterator[str]:
        """This will run a WeChat in a process of its own, and be its address."""
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        with _running(_manage("simulator", "--port", str(port)), self._template, f"{url}/_sim/state"):
            yield url

    @contextmanager
    def web(self, data: Path, settings_module: str) -> Iterator[str]:
        """This will run the web server as `manage.py run` does, and be its address."""
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        with _running(web_command(port), data, f"{url}/healthz", DJANGO_SETTINGS_MODULE=settings_module):
            yield url


class Conversation:
    """A running job that answers each line of JSON with one."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, question: object) -> Any:
        """This will be the answer. Raises RuntimeError when the job has died; its traceback is on stderr."""
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(question), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the job died at {question!r}")
        return json.loads(answer)


@contextmanager
def _running(command: list[str], data: Path, url: str, **environment: str) -> Iterator[None]:
    process = subprocess.Popen(command, env=_environment(data) | environment, stdout=subprocess.DEVNULL)
    try:
        _wait_for(url, process)
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(url, timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer")


def _job(name: str, arguments: tuple[object, ...]) -> list[str]:
    return [sys.executable, "-m", f"bench.jobs.{name}", *map(str, arguments)]


def _manage(*arguments: str) -> list[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]


def _environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in OWN_SETTINGS}
    if (data / DATABASE).exists():
        keys = generate()
        # Nobody connects to the broker; PostgreSQL without one is refused.
        kept |= {"DATABASE_URL": (data / DATABASE).read_text(), "CELERY_BROKER_URL": "redis://127.0.0.1:9/0"}
        kept |= {"SECRET_KEY": keys.secret_key, "ENCRYPTION_KEYS": keys.encryption_key}
    return kept | {
        "DATA_DIR": str(data),
        "PYTHONPATH": str(settings.BASE_DIR),
        "DJANGO_SETTINGS_MODULE": "wxcore.settings",
        "LOG_LEVEL": "WARNING",
        "API_RATE": "",
        "NO_PROXY": "127.0.0.1",
        "STATICFILES_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
    }
