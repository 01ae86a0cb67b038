"""`manage.py demo`: the main job once, headless, from an empty database to the finish statistics."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from wxcore.processes import free_port

PATIENCE_SECONDS = 120.0
# The demo is of the embedded default, whatever this machine is set up for.
SERVICES = ("DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL")
FIGURES = {"total_count": "total", "filter_count": "filter", "sent_count": "sent", "error_count": "error"}


class Command(BaseCommand):
    help = "Send the ready campaign through the real web, worker and simulator; exit 1 unless the figures agree."

    def handle(self, *args: Any, **options: Any) -> None:
        with tempfile.TemporaryDirectory(prefix="qunfa-demo-") as directory, _product(Path(directory)) as product:
            site, simulator, login = product
            began = time.monotonic()
            api = Api(site, **login)
            sync = api.wait("syncs/", lambda row: row["status"] in ("finished", "failed"), "the followers are mirrored")
            campaign = api.first("campaigns/")
            api.send(campaign["id"])
            done = ("finished", "failed")
            campaign = api.wait("campaigns/", lambda row: row["status"] in done, "the campaign has finished")
            broadcasts = api.get(f"broadcasts/?campaign={campaign['id']}")["results"]
            truth = _ledger(simulator, [row["msg_id"] for row in broadcasts])
            self._report(sync, campaign, truth, time.monotonic() - began)

    def _report(self, sync: dict[str, Any], campaign: dict[str, Any], truth: dict[str, int], seconds: float) -> None:
        self.stdout.write(f"\nCampaign “{campaign['name']}”: {campaign['status']} after {seconds:.1f} s")
        self.stdout.write(f"Followers mirrored: {sync['fetched']}\n\n")
        self.stdout.write(f"  {'':<14}{'campaign':>10}{'simulator':>12}\n")
        for ours, theirs in FIGURES.items():
            self.stdout.write(f"  {ours:<14}{campaign[ours]!s:>10}{truth[theirs]:>12}\n")
        self.stdout.write(f"  {'delivered':<14}{campaign['sent_count']!s:>10}{truth['delivered']:>12}\n\n")
        agrees = all(campaign[ours] == truth[theirs] for ours, theirs in FIGURES.items())
        if campaign["status"] != "finished" or not agrees or campaign["sent_count"] != truth["delivered"]:
            raise CommandError("The campaign's figures are not what the simulator delivered.")
        self.stdout.write("The figures agree.\n")


class Api:
    """Our own API over HTTP, logged in as a person is: by the login form."""

    def __init__(self, site: str, username: str, password: str) -> None:
        self._site = site
        self._session = requests.Session()
        form = f"{site}/admin/login/"
        self._session.get(form, timeout=30)
        data = {"username": username, "password": password, "csrfmiddlewaretoken": self._csrf()}
        answer = self._session.post(form, data=data, headers={"Referer": form}, timeout=30)
        if "sessionid" not in self._session.cookies:
            raise CommandError(f"The login was refused ({answer.status_code}).")

    def get(self, path: str) -> Any:
        return self._answer(self._session.get(f"{self._site}/api/v1/{path}", timeout=30))

    def send(self, campaign_id: int) -> Any:
        """This will send a campaign as a careful client does: what it has seen, to as many as it was told."""
        seen = self.get(f"campaigns/{campaign_id}/forecast/")
        return self.post(f"campaigns/{campaign_id}/send/", seen=seen["fingerprint"], heads=seen["heads"])

    def post(self, path: str, **body: Any) -> Any:
        headers = {"X-CSRFToken": self._csrf(), "Referer": self._site}
        url = f"{self._site}/api/v1/{path}"
        return self._answer(self._session.post(url, headers=headers, json=body or None, timeout=30))

    def first(self, path: str) -> dict[str, Any]:
        rows = self.get(path)["results"]
        if not rows:
            raise CommandError(f"Nothing at {path}")
        return rows[0]

    def wait(self, path: str, done: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if done(row := self.first(path)):
                return row
            time.sleep(0.2)
        raise CommandError(f"Waited {PATIENCE_SECONDS:.0f} s in vain until {what}: {row}")

    def _csrf(self) -> str:
        return self._session.cookies.get("csrftoken", "")

    def _answer(self, answer: requests.Response) -> Any:
        if not answer.ok:
            raise CommandError(f"{answer.request.method} {answer.request.path_url}: {answer.status_code} {answer.text}")
        return answer.json()


@contextmanager
def _product(directory: Path) -> Iterator[tuple[str, str, dict[str, str]]]:
    """This will be `manage.py run` on an empty data directory: our URL, the simulator's, the login."""
    port, simulator_port = free_port(), free_port()
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "CELERY_BROKER_URL")
    }
    environment |= {"DATA_DIR": str(directory), "PORT": str(port), "SIMULATOR_PORT": str(simulator_port)}
    log = directory / "run.log"
    with log.open("w") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, str(settings.BASE_DIR / "manage.py"), "run"],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    site = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(process, site, log)
        yield site, f"http://127.0.0.1:{simulator_port}", json.loads((directory / "demo-login.json").read_text())
    except Exception:
        sys.stderr.write(log.read_text())
        raise
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def _wait_until_ready(process: subprocess.Popen[bytes], site: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise CommandError(f"`manage.py run` ended with {process.returncode}.")
        try:
            if requests.get(f"{site}/readyz", timeout=5).ok:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise CommandError(f"{site} did not become ready.")


def _ledger(simulator: str, msg_ids: list[int]) -> dict[str, int]:
    """What the simulator really did: the jobs' figures, and how many followers it delivered to."""
    truth = dict.fromkeys([*FIGURES.values(), "delivered"], 0)
    for msg_id in msg_ids:
        job = requests.get(f"{simulator}/_sim/jobs/{msg_id}", timeout=30).json()
        for figure in FIGURES.values():
            truth[figure] += job[figure]
        recipients = requests.get(f"{simulator}/_sim/jobs/{msg_id}/recipients?limit=1", timeout=30).json()
        truth["delivered"] += recipients["total"]
    return truth
