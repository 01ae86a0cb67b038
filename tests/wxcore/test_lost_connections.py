"""PostgreSQL has closed our connections, as it does when it is restarted: nobody notices."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection

from wxcore.models import OfficialAccount

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server"),
]


def test_the_next_statement_gets_a_new_one(account: OfficialAccount) -> None:
    connection.close()  # back to the pool, as at the end of a request
    parts = connection.settings_dict
    where = {"host": parts["HOST"], "port": parts["PORT"] or None, "user": parts["USER"], "password": parts["PASSWORD"]}
    with psycopg.connect(dbname=parts["NAME"], autocommit=True, **where) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    assert OfficialAccount.objects.get() == account
