"""A `TokenStore` in one SQLite file, so that processes without Django can share a token."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wxcore.errors import OperatorError
from wxcore.wechat.tokens import StoredToken


class SqliteTokenStore:
    def __init__(self, path: Path) -> None:
        self._path = path
        with self._database() as database:
            database.execute(
                "CREATE TABLE IF NOT EXISTS token (id INTEGER PRIMARY KEY CHECK (id = 1), value TEXT, expires_at REAL,"
                " holder TEXT NOT NULL DEFAULT '', lease_ends REAL NOT NULL DEFAULT 0)"
            )
            database.execute("INSERT OR IGNORE INTO token (id) VALUES (1)")

    def load(self) -> StoredToken | None:
        with self._database() as database:
            value, expires_at = database.execute("SELECT value, expires_at FROM token").fetchone()
        return StoredToken(value, expires_at) if value else None

    def claim(self, *, holder: str, lease_seconds: float) -> bool:
        now = time.time()
        with self._database() as database:
            claimed = database.execute(
                "UPDATE token SET holder = ?, lease_ends = ? WHERE holder = '' OR lease_ends <= ?",
                (holder, now + lease_seconds, now),
            )
        return claimed.rowcount == 1

    def save(self, token: StoredToken, *, holder: str) -> None:
        with self._database() as database:
            database.execute(
                "UPDATE token SET value = ?, expires_at = ?, holder = '' WHERE holder = ?",
                (token.value, token.expires_at, holder),
            )

    def fail(self, error: OperatorError, *, holder: str) -> None:
        self.release(holder=holder)

    def release(self, *, holder: str) -> None:
        with self._database() as database:
            database.execute("UPDATE token SET holder = '' WHERE holder = ?", (holder,))

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(self._path, timeout=20)
        try:
            with database:
                yield database
        finally:
            database.close()
