"""Processes every push that is stored, as one worker's tick does, and says how long it took."""

from __future__ import annotations

import json
import time

import django

django.setup()

from callbacks import tasks  # noqa: E402 - after setup
from callbacks.models import Callback  # noqa: E402
from callbacks.states import OPEN, CallbackStatus  # noqa: E402


def main() -> None:
    waiting = Callback.objects.filter(status__in=OPEN).count()
    started = time.perf_counter()
    tasks.tick()
    seconds = time.perf_counter() - started
    processed = Callback.objects.filter(status=CallbackStatus.PROCESSED).count()
    print(json.dumps({"seconds": seconds, "waiting": waiting, "processed": processed}))


if __name__ == "__main__":
    main()
