"""The whole product, for a few minutes: `manage.py run` on free ports and a data directory of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wxcore.processes import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_SECONDS = 180.0
# The pictures are of the embedded default, whatever this machine is set up for.
SERVICES = ("DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL")


@dataclass(frozen=True)
class Product:
    """Where it is, and who may log in: each role's password is its name."""

    site: str
    simulator: str
    password: str

    def login(self, who: str) -> tuple[str, str]:
        return (who, self.password if who == "demo" else who)


@contextmanager
def running(directory: Path) -> Iterator[Product]:
    """This will be the product once it greets: by then the demo's followers have written."""
    port, simulator_port = free_port(), free_port()
    environment = {name: value for name, value in os.environ.items() if name not in SERVICES}
    environment |= {"DATA_DIR": str(directory), "PYTHONUNBUFFERED": "1"}
    environment |= {"PORT": str(port), "SIMULATOR_PORT": str(simulator_port)}
    environment |= {"WEBHOOK_ALLOW_PRIVATE": "1"}  # the receiver of the story is on this machine
    log = directory / "run.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "run"], env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        _wait_for_greeting(process, log)
        login = json.loads((directory / "demo-login.json").read_text())
        yield Product(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{simulator_port}", login["password"])
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


def _wait_for_greeting(process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while "Ctrl-C" not in log.read_text():
        if process.poll() is not None or time.monotonic() > until:
            sys.exit(f"The product did not start:\n{log.read_text()}")
        time.sleep(0.2)
