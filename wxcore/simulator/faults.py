"""Faults: what shall go wrong with the next calls, in the order in which it was asked for."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from wxcore.simulator.errors import ControlError


@dataclass
class Fault:
    """One thing that goes wrong with the calls of a path.

    `when` says whether WeChat does what was asked before it goes wrong: "before" = it never came to that, "after" = it
    was done, and only the answer suffers. `drop` cuts the connection without an answer.
    """

    path: str
    times: int = 1
    skip: int = 0
    when: str = "before"
    errcode: int | None = None
    errmsg: str | None = None
    status: int | None = None
    html: str | None = None
    body: str | None = None
    delay: float = 0.0
    drop: bool = False

    def __post_init__(self) -> None:
        self.times, self.skip, self.delay = int(self.times), int(self.skip), float(self.delay)

    @property
    def answers(self) -> bool:
        """Whether it replaces the answer."""
        return any(value is not None for value in (self.errcode, self.status, self.html, self.body))


class Faults:
    """The faults that wait for their calls."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []

    def add(self, given: dict[str, Any]) -> None:
        """This will queue a fault. Raises ControlError."""
        options = dict(given)
        if "drop" in options:
            if options["drop"] not in ("before", "after"):
                raise ControlError('drop is "before" or "after"')
            options["when"] = options["drop"]
            options["drop"] = True
        try:
            fault = Fault(**options)
        except (TypeError, ValueError) as error:
            raise ControlError(str(error)) from None
        if fault.when not in ("before", "after"):
            raise ControlError('when is "before" or "after"')
        if not (fault.answers or fault.delay or fault.drop):
            raise ControlError("a fault needs one of errcode, status, html, body, delay, drop")
        with self._lock:
            self._waiting.append(fault)

    def take(self, path: str) -> Fault | None:
        """This will be the fault of this call, used up by it; None when all is well. A path of `*` is any call."""
        with self._lock:
            for fault in self._waiting:
                if fault.path not in (path, "*"):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    return None
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None

    def all(self) -> list[dict[str, Any]]:
        """This will be what still waits."""
        with self._lock:
            return [{key: value for key, value in vars(fault).items() if value is not None} for fault in self._waiting]

    def clear(self) -> None:
        """This will forget every fault."""
        with self._lock:
            self._waiting.clear()
