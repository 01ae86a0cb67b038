"""Every list costs as many queries with four rows as with one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.rights.endpoints import Endpoint
from tests.rights.test_other_accounts import LISTS, OURS, route
from tests.rights.world import account, populate

API_LISTS = [endpoint for endpoint in LISTS if endpoint.route.startswith("api/")]


@pytest.mark.parametrize("endpoint", API_LISTS, ids=route)
def test_more_rows_are_no_more_queries(admin_client: Client, endpoint: Endpoint) -> None:
    rows = populate(account("ours", OURS), OURS)
    address = endpoint.address(rows)
    few = queries(admin_client, address)
    for number in range(3):
        populate(account(f"more{number}", f"更多{number}"), f"更多{number}")

    assert queries(admin_client, address) <= few


def queries(client: Client, address: str) -> int:
    client.get(address)  # what is asked once in a process is not counted
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)
