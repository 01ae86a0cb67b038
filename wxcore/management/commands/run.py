"""`manage.py run`: the whole product with one command, on one machine."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from typing import Any

import requests
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import F

from wxcore.processes import Process, Supervisor, port_is_free

READY_SECONDS = 60.0


class Command(BaseCommand):
    help = "Migrate, create the demo account, and run web, worker with beat, and the simulator until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--simulator-port", type=int, default=int(os.environ.get("SIMULATOR_PORT", "8001")))

    def handle(self, *args: Any, port: int, simulator_port: int, **options: Any) -> None:
        for name, number in (("PORT", port), ("SIMULATOR_PORT", simulator_port)):
            if not port_is_free(number):
                raise CommandError(f"Port {number} is taken. Choose another one: {name}=8123 make run")
        site, simulator = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{simulator_port}"
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)

        supervisor = Supervisor()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, supervisor.request_stop)
        try:

            def introduce() -> None:
                """The simulator forgets when it ends: without this the demo account would be a stranger to it."""
                _wait_for(f"{simulator}/_sim/state", supervisor)
                call_command("demo_data", simulator=simulator, site=site, history=True)
                call_command("demo_menu")

            command = _manage("simulator", "--port", str(simulator_port))
            supervisor.start(Process("simulator", command, on_restart=introduce))
            introduce()
            supervisor.start(Process("web", web_command(port)))
            supervisor.start(Process("worker", _manage("worker")))
            _wait_for(f"{site}/readyz", supervisor)
            call_command("demo_talk", simulator=simulator)
            self._greet(site, simulator)
            supervisor.watch()
        finally:
            self.stdout.write("Stopping ...")
            supervisor.stop()

    def _greet(self, site: str, simulator: str) -> None:
        login = json.loads((settings.DATA_DIR / "demo-login.json").read_text())
        self.stdout.write(
            f"\n  Qunfa 群发         {site}/\n"
            f"  login              {login['username']} / {login['password']}\n"
            f"{self._staff()}"
            f"  API                {site}/api/docs/\n"
            f"  simulated WeChat   {simulator}/\n"
            "  stop               Ctrl-C\n\n"
        )

    def _staff(self) -> str:
        """The demo's people, one for each role."""
        from wxcore.models import Membership  # not above: the bench takes commands from here before there are apps

        demo = Membership.objects.filter(account__slug="demo", user__username=F("role__name"), user__is_active=True)
        names = ", ".join(demo.order_by("role").values_list("user__username", flat=True))
        return f"  or by role         {names} (the password is the name)\n" if names else ""


def _manage(*arguments: str) -> list[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]


def web_command(port: int) -> list[str]:
    """This will be the command that starts the web server of one machine."""
    return [
        *(sys.executable, "-m", "gunicorn", "wxcore.wsgi", "--bind", f"127.0.0.1:{port}"),
        *(
            "--worker-class",
            "gthread",
            "--threads",
            str(settings.WEB_THREADS),
            "--no-control-socket",
            "--log-level",
            "warning",
        ),
        *("--chdir", str(settings.BASE_DIR)),
    ]


def _wait_for(url: str, supervisor: Supervisor) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and not supervisor.is_stopping:
        try:
            if requests.get(url, timeout=5).ok:
                return
        except requests.RequestException:
            supervisor.revive()
        time.sleep(0.1)
    if supervisor.is_stopping:
        return
    raise CommandError(f"{url} did not answer within {READY_SECONDS:.0f} s. The lines above say why.")
