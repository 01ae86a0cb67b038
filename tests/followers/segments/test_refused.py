"""What is not understood, or is no longer there, is an error that names its place; it never means more people."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone, translation

from followers import conditions
from followers.conditions import EmptyDefinition, InvalidConditions, ListGone, Scope, TagUnknown, TagVanished
from followers.models import OpenidList, Tag
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

SEX = {"kind": "sex", "values": ["female"]}


@pytest.mark.parametrize("given", [None, {}, [], "", {"groups": []}, {"groups": [[]]}, {"groups": [[SEX], []]}])
def test_nothing_is_never_everybody(given: Any) -> None:
    with pytest.raises(EmptyDefinition):
        conditions.read(given)


@pytest.mark.parametrize(
    ("condition", "where"),
    [
        ("sex", ""),
        ({}, ".kind"),
        ({"kind": "shoes"}, ".kind"),
        ({"kind": ["sex"]}, ".kind"),
        ({"kind": "sex"}, ".values"),
        ({"kind": "sex", "values": []}, ".values"),
        ({"kind": "sex", "values": "female"}, ".values"),
        ({"kind": "sex", "values": ["both"]}, ".values"),
        ({"kind": "city", "values": [" "]}, ".values"),
        ({"kind": "city", "values": ["a\0"]}, ".values"),
        ({"kind": "city", "values": ["x" * 65]}, ".values"),
        ({"kind": "city", "values": [str(n) for n in range(101)]}, ".values"),
        ({**SEX, "not": True}, ".not"),
        ({"kind": "tags"}, ""),
        ({"kind": "tags", "all": []}, ""),
        ({"kind": "tags", "any": 7}, ".any"),
        ({"kind": "tags", "any": ["7"]}, ".any"),
        ({"kind": "tags", "any": [True]}, ".any"),
        ({"kind": "tags", "any": [2**63]}, ".any"),
        ({"kind": "subscribed"}, ""),
        ({"kind": "subscribed", "since": "yesterday"}, ".since"),
        ({"kind": "subscribed", "since": 5}, ".since"),
        ({"kind": "subscribed", "until": "9999-12-31"}, ".until"),
        ({"kind": "subscribed", "since": "2026-02-01", "until": "2026-01-01"}, ""),
        ({"kind": "interaction", "mode": "within"}, ".days"),
        ({"kind": "interaction", "mode": "within", "days": 0}, ".days"),
        ({"kind": "interaction", "mode": "within", "days": 1.5}, ".days"),
        ({"kind": "interaction", "mode": "around", "days": 1}, ".mode"),
        ({"kind": "list", "mode": "in"}, ".list"),
        ({"kind": "list", "mode": "in", "list": "1 OR 1=1"}, ".list"),
    ],
)
def test_the_place_of_what_is_wrong_is_named(condition: Any, where: str) -> None:
    with pytest.raises(InvalidConditions) as raised:
        conditions.read({"groups": [[SEX], [SEX, condition]]})

    assert raised.value.fields == {"conditions": f"groups[1][1]{where}"}


@pytest.mark.parametrize("given", ["all", [[SEX]], {"groups": {}}, {"groups": ["x"]}, {"groups": [[SEX]], "or": 1}])
def test_another_shape_is_refused(given: Any) -> None:
    with pytest.raises(InvalidConditions):
        conditions.read(given)


def test_more_than_anybody_needs_is_refused() -> None:
    for given in ([[SEX]] * 11, [[SEX] * 21]):
        with pytest.raises(InvalidConditions):
            conditions.read({"groups": given})


@pytest.mark.parametrize("mode", ["all", "any", "none"])
def test_a_vanished_tag_is_refused_wherever_it_stands(scope: Scope, tag: Tag, mode: str) -> None:
    Tag.objects.update(vanished_at=timezone.now())
    definition = conditions.read({"groups": [[SEX], [{"kind": "tags", mode: [tag.pk]}]]})

    with pytest.raises(TagVanished):
        conditions.followers(definition, scope)


@pytest.mark.parametrize("mode", ["all", "any", "none"])
def test_a_tag_of_another_account_is_refused(scope: Scope, other_account: OfficialAccount, mode: str) -> None:
    foreign = Tag.objects.create(account=other_account, tag_id=1, name="VIP")
    definition = conditions.read({"groups": [[{"kind": "tags", mode: [foreign.pk]}]]})

    with pytest.raises(TagUnknown):
        conditions.followers(definition, scope)


@pytest.mark.parametrize("mode", ["in", "not_in"])
def test_a_list_that_is_gone_or_of_another_account_is_refused(
    scope: Scope, other_account: OfficialAccount, mode: str
) -> None:
    foreign = OpenidList.objects.create(account=other_account, name="x", size=1)
    for pk in (foreign.pk, 999):
        definition = conditions.read({"groups": [[{"kind": "list", "mode": mode, "list": pk}]]})
        with pytest.raises(ListGone):
            conditions.followers(definition, scope)


def test_the_error_speaks_the_readers_language() -> None:
    with pytest.raises(InvalidConditions) as raised:
        conditions.read({"groups": [[{"kind": "interaction", "mode": "within", "days": 0}]]})

    with translation.override("zh-hans"):
        assert "应为 1 到 3650 之间的整数" in str(raised.value)
    with translation.override("en"):
        assert "a number from 1 to 3650 is expected" in str(raised.value)
