"""Each kind of condition means exactly the followers that it says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from followers import conditions
from followers.conditions import Scope
from followers.models import Follower, Tag, Tagging
from followers.segments import keep_list
from tests.followers.segments.conftest import DAY, NOW, Meant
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

Person = Callable[..., Follower]


@pytest.fixture
def tags(account: OfficialAccount) -> dict[str, Tag]:
    return {name: Tag.objects.create(account=account, tag_id=100 + at, name=name) for at, name in enumerate("abc")}


@pytest.fixture
def wearers(tags: dict[str, Tag], person: Person) -> None:
    """Followers who are called like the tags that they wear."""
    for name in ("-", "a", "b", "ab", "abc"):
        follower = person(name)
        Tagging.objects.bulk_create(
            Tagging(follower=follower, tag=tags[letter], confirmed_at=NOW) for letter in name if letter in tags
        )


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        ({"all": "ab"}, {"ab", "abc"}),
        ({"any": "ab"}, {"a", "b", "ab", "abc"}),
        ({"none": "ab"}, {"-"}),
        ({"all": "a", "none": "c"}, {"a", "ab"}),
        ({"all": "a", "any": "bc", "none": "c"}, {"ab"}),
        ({"all": "a", "none": "a"}, set()),
    ],
)
def test_tags(wearers: None, tags: dict[str, Tag], meant: Meant, chosen: dict[str, str], names: set[str]) -> None:
    ids = {mode: [tags[letter].pk for letter in letters] for mode, letters in chosen.items()}

    assert meant({"kind": "tags", **ids}) == names


def test_sex(person: Person, meant: Meant) -> None:
    person("ann", sex=2)
    person("bob", sex=1)
    person("cai")

    assert meant({"kind": "sex", "values": ["female"]}) == {"ann"}
    assert meant({"kind": "sex", "values": ["female", "unknown"]}) == {"ann", "cai"}


@pytest.mark.parametrize("kind", ["country", "province", "city", "language"])
def test_place_and_language(person: Person, meant: Meant, kind: str) -> None:
    person("ann", **{kind: "北京"})
    person("bob", **{kind: "上海"})
    person("cai")

    assert meant({"kind": kind, "values": ["北京", "广东"]}) == {"ann"}


def test_how_they_came(person: Person, meant: Meant) -> None:
    person("ann", subscribe_scene="ADD_SCENE_SEARCH")
    person("bob", qr_scene="7")
    person("cai", qr_scene_str="spring")

    assert meant({"kind": "scene", "values": ["ADD_SCENE_SEARCH"]}) == {"ann"}
    assert meant({"kind": "qr_scene", "values": ["spring", "7"]}) == {"bob", "cai"}


@pytest.mark.parametrize(
    ("days", "names"),
    [
        ({"since": "2026-03-01", "until": "2026-03-01"}, {"first", "last"}),
        ({"since": "2026-03-02"}, {"after"}),
        ({"until": "2026-02-28"}, {"before"}),
    ],
)
def test_days_are_those_of_the_accounts_time_zone(
    person: Person, meant: Meant, days: dict[str, str], names: set[str]
) -> None:
    midnight = dt.datetime(2026, 2, 28, 16, 0, tzinfo=dt.UTC)  # the first of March begins in Shanghai
    second = dt.timedelta(seconds=1)
    moments = {"before": -second, "first": 0 * DAY, "last": DAY - second, "after": DAY}
    for name, later in moments.items():
        person(name, subscribe_time=midnight + later)
    person("unknown")

    assert meant({"kind": "subscribed", **days}) == names


def test_interaction(person: Person, meant: Meant) -> None:
    person("today", last_interaction_at=NOW)
    person("edge", last_interaction_at=NOW - 7 * DAY)
    person("long ago", last_interaction_at=NOW - 8 * DAY)
    person("never")

    assert meant({"kind": "interaction", "mode": "within", "days": 7}) == {"today", "edge"}
    assert meant({"kind": "interaction", "mode": "not_within", "days": 7}) == {"long ago", "never"}


def test_a_list(person: Person, meant: Meant, account: OfficialAccount) -> None:
    ann, _bob = person("ann"), person("bob")
    kept = keep_list(account, [ann.openid, "oSomebodyElse00000000000000"], name="list.csv", by=None, now=NOW)

    assert meant({"kind": "list", "mode": "in", "list": kept.pk}) == {"ann"}
    assert meant({"kind": "list", "mode": "not_in", "list": kept.pk}) == {"bob"}


def test_conditions_of_a_group_hold_together_and_groups_beside_each_other(person: Person, scope: Scope) -> None:
    person("ann", sex=2, city="北京")
    person("bob", sex=1, city="北京")
    person("cai", sex=2, language="en")
    given = [
        [{"kind": "sex", "values": ["female"]}, {"kind": "city", "values": ["北京"]}],
        [{"kind": "language", "values": ["en"]}],
    ]

    found = conditions.followers(conditions.read({"groups": given}), scope)

    assert sorted(found.values_list("remark", flat=True)) == ["ann", "cai"]


def test_who_left_or_follows_another_account_is_never_meant(
    person: Person, meant: Meant, other_account: OfficialAccount
) -> None:
    person("gone", subscribed=False, sex=2)
    person("other", account=other_account, sex=2)

    assert meant({"kind": "sex", "values": ["female"]}) == set()
