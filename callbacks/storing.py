"""The one statement that stores a push, compiled once: on the hot path the ORM costs more than the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any

from django.db import connection, models

from callbacks.models import Callback

# Fields whose values a database takes as they are.
PLAIN = (models.CharField, models.TextField, models.ForeignKey, models.IntegerField)

# The attribute, what makes its value one for the database (None: nothing has to), and its default.
Column = tuple[str, Callable[[Any], Any] | None, Any]


def insert(row: dict[str, Any]) -> bool:
    """This will store a callback, whose columns are given by attribute name; the others have their defaults.

    Answers False for a push that is stored already. Raises IntegrityError when its account is gone.
    """
    statement, columns = _compiled(connection.vendor)
    values = [
        default if name not in row else row[name] if prepare is None else prepare(row[name])
        for name, prepare, default in columns
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount == 1


@cache
def _compiled(vendor: str) -> tuple[str, Sequence[Column]]:
    quote = connection.ops.quote_name
    fields = [field for field in Callback._meta.concrete_fields if not field.primary_key]
    names = ", ".join(quote(field.column) for field in fields)
    places = ", ".join("%s" for _ in fields)
    once = ", ".join(quote(column) for column in ("account_id", "dedup_key"))
    table = quote(Callback._meta.db_table)
    # Only a repetition does nothing; whatever else cannot be stored is an error, so that WeChat repeats it.
    statement = f"INSERT INTO {table} ({names}) VALUES ({places}) ON CONFLICT ({once}) DO NOTHING"  # noqa: S608
    return statement, [_column(field) for field in fields]


def _column(field: Any) -> Column:
    # The connection is asked for with each value: it is another one in each thread.
    prepare = None if isinstance(field, PLAIN) else partial(_prepared, field)
    return field.attname, prepare, field.get_db_prep_save(field.get_default(), connection)


def _prepared(field: Any, value: Any) -> Any:
    return field.get_db_prep_save(value, connection)
