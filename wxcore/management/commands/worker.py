"""`manage.py worker`: a Celery worker on threads, with beat in a thread of the same process unless told otherwise."""

from __future__ import annotations

from typing import Any

from celery.beat import EmbeddedService
from celery.signals import worker_ready, worker_shutdown
from django.core.management.base import BaseCommand, CommandParser

from wxcore.celery import app


class Command(BaseCommand):
    help = "Run the ticks and nudges: a Celery worker, with beat inside."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-beat", action="store_true", help="another process runs beat (several workers)")

    def handle(self, *args: Any, no_beat: bool, **options: Any) -> None:
        if not no_beat:
            # A thread and not `worker -B`: that one forks, which the in-memory broker does not survive, and leaves an
            # orphan behind when the worker is killed.
            beat = EmbeddedService(app, thread=True, scheduler_cls=app.conf.beat_scheduler)
            worker_ready.connect(lambda **_: beat.start(), weak=False)
            worker_shutdown.connect(lambda **_: beat.stop(), weak=False)
        app.Worker(pool="threads", without_gossip=True, without_mingle=True, quiet=True).start()
