"""The bytes of everything that was uploaded, with a bound on what they weigh together."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass

from wxcore.simulator.formats import Facts

CAPACITY = 256 * 1024 * 1024


@dataclass
class File:
    """One uploaded file. `gone` means that its bytes had to make room: WeChat no longer has it."""

    id: str
    content: bytes
    facts: Facts
    temporary: bool
    gone: bool = False

    @property
    def path(self) -> str:
        """Where the simulator serves it, as `mmbiz.qpic.cn` serves a picture."""
        return f"/mmbiz_{self.facts.extension}/{self.id}/0"


class Files:
    """All files of a world. Over the capacity the oldest temporary ones go first, then the oldest of all."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._weight = 0
        self._files: dict[str, File] = {}
        self._lock = threading.Lock()

    def add(self, content: bytes, facts: Facts, *, temporary: bool) -> File:
        """This will keep a file."""
        file = File(secrets.token_urlsafe(24), content, facts, temporary)
        with self._lock:
            self._files[file.id] = file
            self._weight += len(content)
            self._make_room(besides=file)
        return file

    def get(self, file_id: str) -> File | None:
        """This will be the file with this id, if it is still there."""
        return self._files.get(file_id)

    def _make_room(self, besides: File) -> None:
        if self._weight <= self._capacity:
            return
        for file in sorted(self._files.values(), key=lambda file: not file.temporary):
            if self._weight <= self._capacity:
                return
            if file is not besides:
                self._weight -= len(file.content)
                file.content, file.gone = b"", True
                del self._files[file.id]
