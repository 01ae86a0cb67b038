"""What a test may ask PostgreSQL about its locks."""

from __future__ import annotations

from django.db import connection


def waiting() -> int:
    """This will be how many connections to the tests' database wait for what another transaction holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # or a transaction sees for ever what it saw first
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        (count,) = cursor.fetchone()
        return int(count)
