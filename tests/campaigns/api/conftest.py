from __future__ import annotations

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from tests.people import member
from wxcore.models import OfficialAccount

As = Callable[..., APIClient]


@pytest.fixture
def as_(account: OfficialAccount) -> As:
    """`as_("editor")`: somebody of that role on the account, or on another one."""

    def log_in(role: str, on: OfficialAccount | None = None) -> APIClient:
        client = APIClient()
        client.force_login(member(on or account, role))
        return client

    return log_in
