"""Events of following and leaving come in any order."""

from __future__ import annotations

import datetime as dt

import pytest

from followers import services
from followers.models import Follower, Tag, Tagging
from followers.upserts import upsert_followers
from wxcore.models import OfficialAccount
from wxcore.wechat.users import UserInfo

pytestmark = pytest.mark.django_db

OPENID = "oSomebody0000000000000000000"
NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)


def after(seconds: float) -> dt.datetime:
    return NOON + dt.timedelta(seconds=seconds)


@pytest.fixture
def somebody(account: OfficialAccount) -> Follower:
    """Has followed for a year, and was last confirmed at noon."""
    return Follower.objects.create(
        account=account, openid=OPENID, unionid="u", remark="老王", confirmed_at=NOON, subscribe_time=after(-3e7)
    )


def test_a_new_follower_is_remembered_with_the_qr_scene(account: OfficialAccount) -> None:
    services.follow(account, openid=OPENID, at=NOON, scene="spring2026")

    follower = Follower.objects.get(openid=OPENID)
    assert (follower.subscribed, follower.subscribe_time, follower.qr_scene_str) == (True, NOON, "spring2026")


def test_a_repeated_event_changes_nothing(account: OfficialAccount) -> None:
    services.follow(account, openid=OPENID, at=NOON, scene="spring2026")
    before = Follower.objects.values().get()

    services.follow(account, openid=OPENID, at=NOON)

    assert Follower.objects.values().get() == before


def test_who_leaves_is_marked_and_erased(somebody: Follower) -> None:
    services.unfollow(somebody.account, openid=OPENID, at=after(5))

    somebody.refresh_from_db()
    assert (somebody.subscribed, somebody.unsubscribed_at) == (False, after(5))
    assert (somebody.openid, somebody.unionid, somebody.remark) == (OPENID, "", "")


def test_who_leaves_loses_the_tags(somebody: Follower, tag: Tag) -> None:
    Tagging.objects.create(follower=somebody, tag=tag, confirmed_at=NOON)

    services.unfollow(somebody.account, openid=OPENID, at=after(5))

    assert not Tagging.objects.exists()


def test_who_was_never_seen_can_leave(account: OfficialAccount) -> None:
    services.unfollow(account, openid=OPENID, at=NOON)

    assert Follower.objects.values_list("subscribed", "unsubscribed_at").get() == (False, NOON)


def test_who_comes_back_follows_again(somebody: Follower) -> None:
    services.unfollow(somebody.account, openid=OPENID, at=after(5))
    services.follow(somebody.account, openid=OPENID, at=after(9))

    somebody.refresh_from_db()
    assert (somebody.subscribed, somebody.unsubscribed_at, somebody.subscribe_time) == (True, None, after(9))


def test_an_old_follow_does_not_undo_a_later_leave(account: OfficialAccount) -> None:
    services.unfollow(account, openid=OPENID, at=after(5))
    services.follow(account, openid=OPENID, at=NOON)

    assert not Follower.objects.get().subscribed


def test_an_old_leave_does_not_undo_a_later_follow(account: OfficialAccount) -> None:
    services.follow(account, openid=OPENID, at=after(5))
    services.unfollow(account, openid=OPENID, at=NOON)

    assert Follower.objects.get().subscribed


def test_an_old_follow_does_not_make_the_confirmation_older(somebody: Follower) -> None:
    services.follow(somebody.account, openid=OPENID, at=after(-60))

    somebody.refresh_from_db()
    assert somebody.confirmed_at == NOON


def test_a_follow_counts_to_the_end_of_its_second(somebody: Follower) -> None:
    """A sync that marked them as gone in that very second looked before they came."""
    Follower.objects.update(subscribed=False, unsubscribed_at=after(5.2))

    services.follow(somebody.account, openid=OPENID, at=after(5))

    somebody.refresh_from_db()
    assert somebody.subscribed
    assert somebody.confirmed_at > after(5.9)


def test_follow_and_leave_within_one_second_end_as_left(account: OfficialAccount) -> None:
    services.follow(account, openid=OPENID, at=NOON)
    services.unfollow(account, openid=OPENID, at=NOON)

    assert not Follower.objects.get().subscribed


def test_leave_and_follow_within_one_second_end_as_following(somebody: Follower) -> None:
    services.unfollow(somebody.account, openid=OPENID, at=after(5))
    services.follow(somebody.account, openid=OPENID, at=after(5))

    somebody.refresh_from_db()
    assert somebody.subscribed


@pytest.mark.parametrize(("asked", "subscribed"), [(0.9, True), (5.4, False), (6.0, True)])
def test_a_page_counts_only_when_asked_for_after_the_second_of_the_leave(
    somebody: Follower, asked: float, subscribed: bool
) -> None:
    """WeChat's event times are whole seconds: a page of that very second may be older than the leave."""
    services.unfollow(somebody.account, openid=OPENID, at=after(5) if asked > 1 else after(-60))

    upsert_followers(somebody.account_id, [UserInfo(OPENID, True)], asked_at=after(asked))

    somebody.refresh_from_db()
    assert somebody.subscribed is subscribed


def test_a_page_asked_for_before_the_leave_does_not_bring_them_back(somebody: Follower) -> None:
    services.unfollow(somebody.account, openid=OPENID, at=after(5))

    upsert_followers(somebody.account_id, [UserInfo(OPENID, True)], asked_at=after(2))

    somebody.refresh_from_db()
    assert not somebody.subscribed


def test_an_account_of_its_own_each(somebody: Follower, other_account: OfficialAccount) -> None:
    services.unfollow(other_account, openid=OPENID, at=after(5))

    somebody.refresh_from_db()
    assert somebody.subscribed
