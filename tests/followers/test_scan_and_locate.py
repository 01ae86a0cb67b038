"""What a follower scanned last, and where they were, is remembered like an interaction: never backwards."""

from __future__ import annotations

import datetime as dt

import pytest

from followers import services
from followers.models import Follower, Scene, Tag, Tagging
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

OPENID = "oSomebody0000000000000000000"
NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def somebody(account: OfficialAccount) -> Follower:
    """Came by a shared card at three in the morning."""
    return Follower.objects.create(
        account=account,
        openid=OPENID,
        confirmed_at=NOON,
        subscribe_time=NOON - 9 * HOUR,
        subscribe_scene=Scene.PROFILE_CARD,
    )


def scan(follower: Follower, scene: str, at: dt.datetime) -> bool:
    done = services.scan(follower.account, openid=OPENID, scene=scene, at=at)
    follower.refresh_from_db()
    return done


def test_the_last_scan_is_remembered_and_how_they_came_stays(somebody: Follower) -> None:
    assert scan(somebody, "shop-3", NOON)

    assert (somebody.last_scene, somebody.scanned_at) == ("shop-3", NOON)
    assert (somebody.subscribe_scene, somebody.qr_scene_str) == (Scene.PROFILE_CARD, "")


def test_a_late_scan_does_not_win(somebody: Follower) -> None:
    scan(somebody, "shop-3", NOON)

    assert not scan(somebody, "shop-2", NOON - HOUR)

    assert somebody.last_scene == "shop-3"


def test_following_by_a_code_is_a_scan_and_the_way_they_came(account: OfficialAccount) -> None:
    services.follow(account, openid=OPENID, at=NOON, scene="spring")

    follower = Follower.objects.get()
    assert (follower.last_scene, follower.qr_scene_str, follower.subscribe_scene) == ("spring", "spring", Scene.QR_CODE)


def test_where_the_phone_was_never_goes_backwards(somebody: Follower) -> None:
    assert services.locate(somebody.account, openid=OPENID, latitude=23.1, longitude=113.3, at=NOON)
    assert not services.locate(somebody.account, openid=OPENID, latitude=1, longitude=2, at=NOON - HOUR)

    somebody.refresh_from_db()
    assert (somebody.latitude, somebody.longitude, somebody.located_at) == (23.1, 113.3, NOON)


def test_nothing_is_remembered_of_who_has_left(somebody: Follower) -> None:
    scan(somebody, "shop-3", NOON)
    services.unfollow(somebody.account, openid=OPENID, at=NOON + HOUR)

    assert not services.locate(somebody.account, openid=OPENID, latitude=1, longitude=2, at=NOON)
    assert not scan(somebody, "shop-3", NOON)

    assert (somebody.last_scene, somebody.scanned_at, somebody.latitude) == ("", None, None)


def test_who_has_left_is_told_from_who_follows(somebody: Follower) -> None:
    assert services.departures(somebody.account, [OPENID, "oNobody"]) == {}

    services.unfollow(somebody.account, openid=OPENID, at=NOON)

    assert services.departures(somebody.account, [OPENID, "oNobody"]) == {OPENID: NOON}


def test_forgetting_keeps_that_they_follow(somebody: Follower, tag: Tag) -> None:
    Follower.objects.update(unionid="u", remark="老王", city="广州", last_scene="shop-3")
    Tagging.objects.create(follower=somebody, tag=tag, confirmed_at=NOON)

    services.forget(somebody.account, openid=OPENID)

    somebody.refresh_from_db()
    assert (somebody.unionid, somebody.remark, somebody.city, somebody.last_scene) == ("", "", "", "")
    assert (somebody.subscribed, somebody.subscribe_scene) == (True, Scene.PROFILE_CARD)
    assert not Tagging.objects.exists()
