from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from followers import conditions
from followers.conditions import Scope
from followers.models import Follower
from wxcore.models import OfficialAccount

NOW = dt.datetime(2026, 3, 15, 4, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)

Meant = Callable[..., set[str]]


@pytest.fixture
def scope(account: OfficialAccount) -> Scope:
    return Scope(account, NOW)


@pytest.fixture
def person(account: OfficialAccount) -> Callable[..., Follower]:
    """`person("ann", sex=2)`: a follower with a remark by which a test knows them."""

    def make(name: str, **fields: Any) -> Follower:
        values = {"account": account, "openid": f"o{name:0>27}", "remark": name, "confirmed_at": NOW} | fields
        return Follower.objects.create(**values)

    return make


@pytest.fixture
def meant(scope: Scope) -> Meant:
    """`meant({"kind": ...}, ...)`: the remarks of those who meet all of these conditions."""

    def find(*group: dict[str, Any]) -> set[str]:
        definition = conditions.read({"groups": [list(group)]})
        return set(conditions.followers(definition, scope).values_list("remark", flat=True))

    return find
