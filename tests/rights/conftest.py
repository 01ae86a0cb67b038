from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from tests.people import member
from wxcore.models import OfficialAccount


@pytest.fixture
def other(account: OfficialAccount) -> OfficialAccount:
    """Another account, for which other people work."""
    return OfficialAccount.objects.create(name="别家号", slug="other", appid="wxother0000000001", secret="s", token="t")


@pytest.fixture
def chief(account: OfficialAccount) -> User:
    """The administrator of the account."""
    return member(account, "administrator", "chief")


@pytest.fixture
def stranger(other: OfficialAccount) -> User:
    """Who works for the other account only."""
    return member(other, "editor", "stranger")
