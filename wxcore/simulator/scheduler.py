"""What happens later, by the simulated clock: deliveries of jobs, pushes, and the repeats of pushes."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable

from wxcore.simulator.clock import Clock

logger = logging.getLogger(__name__)


class Scheduler:
    """Runs short actions in one thread when their time has come, in the order of their times."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._busy = False
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="simulator-scheduler", daemon=True)
        self._thread.start()

    def after(self, delay: float, action: Callable[[], object]) -> None:
        """This will run `action` in `delay` simulated seconds."""
        with self._changed:
            heapq.heappush(self._due, (self._clock.now() + delay, next(self._numbers), action))
            self._changed.notify_all()

    def advance(self, seconds: float, timeout: float = 10.0) -> None:
        """This will move the clock, and return when everything that became due has run."""
        deadline = time.monotonic() + timeout
        with self._changed:
            self._clock.advance(seconds)
            self._changed.notify_all()
            while not self._closed and (self._busy or self._is_due()) and time.monotonic() < deadline:
                self._changed.wait(0.1)

    def close(self) -> None:
        """This will forget what has not happened yet, and end the thread."""
        with self._changed:
            self._closed = True
            self._due.clear()
            self._changed.notify_all()
        if threading.current_thread() is not self._thread:
            self._thread.join(5)

    def _is_due(self) -> bool:
        return bool(self._due) and self._due[0][0] <= self._clock.now()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._closed and not self._is_due():
                    self._changed.wait(self._due[0][0] - self._clock.now() if self._due else None)
                if self._closed:
                    return
                action = heapq.heappop(self._due)[2]
                self._busy = True
            try:
                action()
            except Exception:
                logger.exception("a scheduled action of the simulator failed")
            with self._changed:
                self._busy = False
                self._changed.notify_all()
