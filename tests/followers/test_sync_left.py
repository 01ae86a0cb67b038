"""A sync marks who left, erases what we knew of them, and never takes a gap in WeChat's answers for people who left."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.utils import timezone

from followers.models import Follower
from followers.states import SyncStatus
from tests.conftest import APPID
from tests.followers.conftest import RunSync, memberships
from tests.simulator_control import Control
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db(transaction=True)

PERSONAL = ("unionid", "remark", "language", "subscribe_scene", "qr_scene", "qr_scene_str")


@pytest.fixture
def leaver(run_sync: RunSync, control: Control) -> str:
    """The openid of somebody who was mirrored and has left since."""
    control.followers(APPID, 200, tags=[{"name": "VIP", "share": 1}])
    run_sync()
    openid = control.openids(APPID, limit=1)[0]
    Follower.objects.filter(openid=openid).update(remark="老王", qr_scene="7", qr_scene_str="spring")
    control.unfollow(APPID, openid)
    return openid


def test_marks_who_left(leaver: str, run_sync: RunSync) -> None:
    assert run_sync().left == 1

    follower = Follower.objects.get(openid=leaver)
    assert not follower.subscribed
    assert follower.unsubscribed_at is not None


def test_erases_the_personal_data_of_who_left(leaver: str, run_sync: RunSync) -> None:
    run_sync()

    follower = Follower.objects.get(openid=leaver)
    assert [getattr(follower, name) for name in PERSONAL] == [""] * len(PERSONAL)
    assert follower.subscribe_time is None


def test_takes_the_tags_off_who_left_and_nobody_else(leaver: str, run_sync: RunSync) -> None:
    run_sync()

    wearing = {openid for openid, _ in memberships()}
    assert wearing == set(Follower.objects.exclude(openid=leaver).values_list("openid", flat=True))


def test_keeps_the_openid_for_who_comes_back(leaver: str, run_sync: RunSync, control: Control) -> None:
    run_sync()
    Follower.objects.filter(openid=leaver).update(unsubscribed_at=timezone.now() - dt.timedelta(days=1))
    control.follow(APPID, leaver)

    run_sync()

    follower = Follower.objects.get(openid=leaver)
    assert (follower.subscribed, follower.unsubscribed_at) == (True, None)


def test_leaves_another_account_alone(leaver: str, run_sync: RunSync, other_account: OfficialAccount) -> None:
    stranger = Follower.objects.create(account=other_account, openid=leaver, confirmed_at=timezone.now(), unionid="u")

    run_sync()

    stranger.refresh_from_db()
    assert (stranger.subscribed, stranger.unionid) == (True, "u")


def cut_short(control: Control, openids: list[str]) -> None:
    """The next list names only `openids` and says that there are 200."""
    answer = {"total": 200, "count": len(openids), "next_openid": openids[-1] if openids else ""}
    if openids:
        answer["data"] = {"openid": openids}
    control.fault("/cgi-bin/user/get", body=json.dumps(answer))
    control.fault("/cgi-bin/user/get", body=json.dumps({"total": 200, "count": 0, "next_openid": ""}))


@pytest.mark.parametrize("listed", [100, 0])
def test_marks_nobody_when_the_list_is_cut_short(run_sync: RunSync, control: Control, listed: int) -> None:
    control.followers(APPID, 200)
    run_sync()
    cut_short(control, control.openids(APPID, limit=listed) if listed else [])

    row = run_sync()

    assert (row.status, row.error_code) == (SyncStatus.FAILED, "incomplete_list")
    assert Follower.objects.filter(subscribed=True).count() == 200


def test_marks_nobody_when_details_are_missing(run_sync: RunSync, control: Control) -> None:
    control.followers(APPID, 200)
    run_sync()
    control.fault("/cgi-bin/user/info/batchget", body='{"user_info_list": []}')

    row = run_sync()

    assert row.status == SyncStatus.WAITING
    assert Follower.objects.filter(subscribed=True).count() == 200
