"""The one statement that stores a push, compiled once: on the hot path the ORM costs more than the database."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection

from callbacks.models import Callback


def insert(row: dict[str, Any]) -> bool:
    """This will store a callback, whose columns are given by attribute name; the others have their defaults.

    Answers False for a push that is stored already. Raises IntegrityError when its account is gone.
    """
    statement, columns = _compiled(connection.vendor)
    values = [
        field.get_db_prep_save(row[name], connection) if name in row else default for name, field, default in columns
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount == 1


@cache
def _compiled(vendor: str) -> tuple[str, Sequence[tuple[str, Any, Any]]]:
    quote = connection.ops.quote_name
    fields = [field for field in Callback._meta.concrete_fields if not field.primary_key]
    names = ", ".join(quote(field.column) for field in fields)
    places = ", ".join("%s" for _ in fields)
    once = ", ".join(quote(column) for column in ("account_id", "dedup_key"))
    table = quote(Callback._meta.db_table)
    # Only a repetition does nothing; whatever else cannot be stored is an error, so that WeChat repeats it.
    statement = f"INSERT INTO {table} ({names}) VALUES ({places}) ON CONFLICT ({once}) DO NOTHING"  # noqa: S608
    defaults = [field.get_db_prep_save(field.get_default(), connection) for field in fields]
    return statement, [(field.attname, field, value) for field, value in zip(fields, defaults, strict=True)]
