"""The SQL of any conditions means the same followers as plain Python does."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from followers import conditions
from followers.conditions import Scope
from followers.models import Follower, Scene, Tag, Tagging
from followers.segments import keep_list
from tests.followers.segments.conftest import DAY, NOW
from wxcore.clock import SHANGHAI
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

FOLLOWERS = 300
CITIES = ["", "北京", "上海", "广州"]
SCENES = ["", Scene.SEARCH, Scene.QR_CODE]
SEXES = {"unknown": 0, "male": 1, "female": 2}


@pytest.fixture
def people(account: OfficialAccount) -> list[Follower]:
    dice = random.Random(7)
    tags = Tag.objects.bulk_create(Tag(account=account, tag_id=n, name=str(n)) for n in range(4))
    made = Follower.objects.bulk_create(
        Follower(
            account=account,
            openid=f"oAgree{number:022d}",
            confirmed_at=NOW,
            subscribed=dice.random() < 0.9,
            sex=dice.choice([0, 1, 2]),
            city=dice.choice(CITIES),
            language=dice.choice(["", "zh_CN", "en"]),
            subscribe_scene=dice.choice(SCENES),
            qr_scene=dice.choice(["", "7"]),
            qr_scene_str=dice.choice(["", "spring", "7"]),
            last_scene=dice.choice(["", "spring", "shop"]),
            subscribe_time=dice.choice([None, NOW - dice.randrange(60) * DAY / 2]),
            last_interaction_at=dice.choice([None, NOW - dice.randrange(60) * DAY / 2]),
        )
        for number in range(FOLLOWERS)
    )
    Tagging.objects.bulk_create(
        Tagging(follower=follower, tag=tag, confirmed_at=NOW)
        for follower in made
        for tag in tags
        if dice.random() < 0.4
    )
    keep_list(account, [follower.openid for follower in made if dice.random() < 0.5], name="x", by=None, now=NOW)
    return list(Follower.objects.prefetch_related("tags"))


def some(values: list[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3)


days = st.none() | st.dates(dt.date(2026, 2, 1), dt.date(2026, 3, 15)).map(str)


def a_condition(tags: list[int], listed: int) -> st.SearchStrategy[dict[str, Any]]:
    may = st.lists(st.sampled_from(tags), max_size=2)
    return st.one_of(
        st.fixed_dictionaries({"kind": st.just("tags"), "all": may, "any": may, "none": may}).filter(
            lambda it: it["all"] or it["any"] or it["none"]
        ),
        st.fixed_dictionaries({"kind": st.just("sex"), "values": some(list(SEXES))}),
        st.fixed_dictionaries({"kind": st.just("city"), "values": some([*CITIES[1:], "成都"])}),
        st.fixed_dictionaries({"kind": st.just("language"), "values": some(["zh_CN", "en", "fr"])}),
        st.fixed_dictionaries({"kind": st.just("scene"), "values": some([*SCENES[1:], Scene.OTHERS])}),
        st.fixed_dictionaries({"kind": st.just("qr_scene"), "values": some(["7", "spring"])}),
        st.fixed_dictionaries({"kind": st.just("last_scene"), "values": some(["shop", "spring"])}),
        st.fixed_dictionaries({"kind": st.just("subscribed"), "since": days, "until": days}).filter(
            lambda it: (it["since"] or it["until"]) and (it["since"] or "") <= (it["until"] or "9")
        ),
        st.fixed_dictionaries(
            {
                "kind": st.just("interaction"),
                "mode": st.sampled_from(["within", "not_within"]),
                "days": st.integers(1, 40),
            }
        ),
        st.fixed_dictionaries(
            {"kind": st.just("list"), "mode": st.sampled_from(["in", "not_in"]), "list": st.just(listed)}
        ),
    )


def meets(follower: Follower, it: dict[str, Any], listed: set[str]) -> bool:
    """This will be the condition once more, in plain Python."""
    worn = {tag.pk for tag in follower.tags.all()}
    match it["kind"]:
        case "tags":
            any_of = not it["any"] or bool(worn & set(it["any"]))
            return set(it["all"]) <= worn and any_of and not worn & set(it["none"])
        case "sex":
            return follower.sex in [SEXES[value] for value in it["values"]]
        case "city" | "language" | "last_scene" as name:
            return getattr(follower, name) in it["values"]
        case "scene":
            return follower.subscribe_scene in it["values"]
        case "qr_scene":
            return follower.qr_scene in it["values"] or follower.qr_scene_str in it["values"]
        case "subscribed":
            if follower.subscribe_time is None:
                return False
            day = str(follower.subscribe_time.astimezone(SHANGHAI).date())
            return (it["since"] or "") <= day <= (it["until"] or "9")
        case "interaction":
            last = follower.last_interaction_at
            within = last is not None and last >= NOW - it["days"] * DAY
            return within == (it["mode"] == "within")
        case "list":
            return (follower.openid in listed) == (it["mode"] == "in")
    raise AssertionError(it)


def test_sql_means_whom_python_means(people: list[Follower], account: OfficialAccount) -> None:
    from followers.models import ListedFollower, OpenidList

    tags = list(Tag.objects.values_list("pk", flat=True))
    kept = OpenidList.objects.get()
    listed = set(ListedFollower.objects.values_list("openid", flat=True))

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.lists(a_condition(tags, kept.pk), min_size=1, max_size=4), min_size=1, max_size=3))
    def agree(groups: list[list[dict[str, Any]]]) -> None:
        definition = conditions.read({"groups": groups})
        found = list(conditions.followers(definition, Scope(account, NOW)).values_list("pk", flat=True))
        expected = {
            follower.pk
            for follower in people
            if follower.subscribed and any(all(meets(follower, it, listed) for it in group) for group in groups)
        }
        assert len(found) == len(set(found))
        assert set(found) == expected
        assert conditions.read(definition.stored()) == definition
        assert definition.sentence(Scope(account, NOW))

    agree()
