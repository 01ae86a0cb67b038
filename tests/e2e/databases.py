"""Databases for products under test: copies of one migrated database, on SQLite or on the PostgreSQL of the run."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection


class Database(Protocol):
    """A database of one product: its URL, and SQL with `?` for values."""

    url: str

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]: ...

    def copy_to(self, name: str, directory: Path) -> Database: ...

    def settle(self) -> None: ...

    def drop(self) -> None: ...


class SqliteDatabase:
    """A file in the product's data directory."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / "qunfa.sqlite3"
        self.url = f"sqlite:///{self._path}"

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self._path, timeout=20) as opened:
            return opened.execute(statement, values).fetchall()

    def copy_to(self, name: str, directory: Path) -> SqliteDatabase:
        copy = SqliteDatabase(directory)
        shutil.copy(self._path, copy._path)
        return copy

    def settle(self) -> None:
        """This will bring everything into the one file that is copied."""
        self.sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def drop(self) -> None:
        """The directory goes with the test."""


class PostgresDatabase:
    """A database of its own, beside that of the tests."""

    def __init__(self, name: str, template: str = "template0") -> None:
        self.name = name
        self.url = beside(name)
        self._admin(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._admin(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as opened:
            cursor = opened.execute(statement.replace("%", "%%").replace("?", "%s"), values)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []

    def copy_to(self, name: str, directory: Path) -> PostgresDatabase:
        return PostgresDatabase(f"{self.name}_{name}", template=self.name)

    def settle(self) -> None:
        """This will end every session: a database that somebody uses is not copied."""
        with psycopg.connect(beside("postgres"), autocommit=True) as opened:
            ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            opened.execute(ended, [self.name])

    def drop(self) -> None:
        self._admin(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def _admin(self, statement: str) -> None:
        with psycopg.connect(beside("postgres"), autocommit=True) as opened:
            opened.execute(statement)  # type: ignore[arg-type]


def beside(name: str) -> str:
    """This will be the URL of another database of the tests' server."""
    return urlunsplit(urlsplit(url())._replace(path=f"/{name}"))


def url() -> str:
    """This will be the URL of the tests' own database, for another process."""
    parts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{parts['NAME']}"
    login = f"{parts['USER']}:{parts['PASSWORD']}@" if parts["USER"] else ""
    return f"postgres://{login}{parts['HOST']}:{parts['PORT'] or 5432}/{parts['NAME']}"
