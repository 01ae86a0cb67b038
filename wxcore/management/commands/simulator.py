"""Run the simulator of WeChat: `manage.py simulator`."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wxcore.simulator.app import Simulator, read_accounts
from wxcore.simulator.errors import ControlError


class Command(BaseCommand):
    """Starts a WeChat on this machine, and stops it on SIGTERM or Ctrl-C."""

    help = "Run a simulated WeChat: its API, its control plane under /_sim/, and a page to look at it."
    requires_system_checks: list[str] = []  # it needs no database and no settings of ours

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8001, help="0 takes a free one")
        parser.add_argument("--accounts", type=Path, help="JSON file: a list of accounts, see docs/simulator.md")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            accounts = read_accounts(options["accounts"]) if options["accounts"] else []
            simulator = Simulator(options["port"], options["host"], accounts)
        except (OSError, ValueError, ControlError) as error:
            raise CommandError(str(error)) from error
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        simulator.start()
        self.stdout.write(f"Simulated WeChat: {simulator.url}")
        self.stdout.flush()
        stop.wait()
        simulator.stop()
