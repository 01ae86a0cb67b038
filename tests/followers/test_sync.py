"""A sync makes the mirror equal to WeChat."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError
from django.utils import timezone

from followers import services
from followers.models import Follower, Sync, Tag
from followers.states import SyncStatus
from tests.conftest import APPID
from tests.followers.conftest import RunSync, memberships, mirrored, simulated
from tests.simulator_control import Control
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db(transaction=True)

TAGS = [{"name": "VIP", "share": 0.1}, {"name": "新客", "share": 0.3}]


def test_mirrors_every_follower(run_sync: RunSync, control: Control) -> None:
    control.followers(APPID, 2_500)

    assert run_sync().status == SyncStatus.FINISHED

    assert set(mirrored()) == set(simulated(control))


def test_mirrors_what_wechat_tells_of_a_follower(run_sync: RunSync, control: Control) -> None:
    control.followers(APPID, 3)

    run_sync()

    for openid, person in simulated(control).items():
        follower = mirrored()[openid]
        assert follower.subscribe_time == dt.datetime.fromtimestamp(person["subscribe_time"], dt.UTC)
        assert (follower.language, follower.subscribe_scene) == (person["language"], person["subscribe_scene"])
        assert len(follower.unionid) == 28


def test_mirrors_sex_and_place_where_wechat_tells_them(run_sync: RunSync, control: Control) -> None:
    control.followers(APPID, 700, told_share=0.3)

    run_sync()

    told = {
        openid: tuple(person.get(name, "") for name in ("sex", "country", "province", "city"))
        for openid, person in simulated(control).items()
    }
    assert sum(1 for _sex, country, *_rest in told.values() if country == "中国") == 210
    for openid, follower in mirrored().items():
        kept = (follower.sex or "", follower.country, follower.province, follower.city)
        assert kept == told[openid]


def test_what_wechat_told_once_is_kept(run_sync: RunSync, control: Control) -> None:
    control.followers(APPID, 3)
    run_sync()
    Follower.objects.update(province="北京", sex=2)

    run_sync()

    assert set(Follower.objects.values_list("province", "sex")) == {("北京", 2)}


def test_mirrors_the_tags(run_sync: RunSync, control: Control) -> None:
    control.followers(APPID, 500, tags=TAGS)

    run_sync()

    told = {(tag["id"], tag["name"], tag["count"]) for tag in control.state()["accounts"][0]["tags"]}
    assert set(Tag.objects.values_list("tag_id", "name", "count")) == told


def test_mirrors_who_wears_which_tag(run_sync: RunSync, control: Control) -> None:
    control.followers(APPID, 500, tags=TAGS)

    run_sync()

    worn = {(person["openid"], tag) for person in simulated(control).values() for tag in person["tagid_list"]}
    assert len(worn) > 100
    assert memberships() == worn


def test_mirrors_an_account_of_several_pages(run_sync: RunSync, control: Control) -> None:
    control.followers(APPID, 25_000)

    row = run_sync()

    assert (row.status, row.total, row.fetched, row.percent) == (SyncStatus.FINISHED, 25_000, 25_000, 100)
    assert Follower.objects.filter(subscribed=True).count() == 25_000
    assert control.calls()["counts"]["/cgi-bin/user/info/batchget"] == 250


def test_finishes_an_account_that_nobody_follows(run_sync: RunSync, control: Control) -> None:
    row = run_sync()

    assert (row.status, row.total, row.left) == (SyncStatus.FINISHED, 0, 0)


def test_changes_nothing_the_second_time(run_sync: RunSync, control: Control) -> None:
    control.followers(APPID, 300, tags=TAGS)
    run_sync()
    before = memberships(), set(Follower.objects.values_list("pk", "openid", "subscribed"))

    run_sync()

    assert before == (memberships(), set(Follower.objects.values_list("pk", "openid", "subscribed")))


def test_takes_a_tag_off_whoever_lost_it(run_sync: RunSync, control: Control) -> None:
    control.followers(APPID, 100, tags=TAGS)
    run_sync()
    control.followers(APPID, 100, tags=[{"name": "VIP", "share": 0}])

    run_sync()

    assert memberships() == set()


def test_marks_a_tag_that_is_gone(run_sync: RunSync, control: Control) -> None:
    control.followers(APPID, 10, tags=TAGS)
    run_sync()
    control.followers(APPID, 10, tags=TAGS[:1])

    run_sync()

    assert list(Tag.objects.exclude(vanished_at=None).values_list("name", "count")) == [("新客", 0)]


def test_brings_back_a_tag_that_was_gone(run_sync: RunSync, control: Control, account: OfficialAccount) -> None:
    control.followers(APPID, 10, tags=TAGS[:1])
    run_sync()
    Tag.objects.filter(name="VIP").update(vanished_at=timezone.now())

    run_sync()

    assert Tag.objects.get(name="VIP").vanished_at is None


def test_is_refused_while_another_one_is_open(account: OfficialAccount) -> None:
    services.request_sync(account, now=timezone.now())

    with pytest.raises(services.SyncAlreadyOpen):
        services.request_sync(account, now=timezone.now())


def test_cannot_be_opened_twice_even_past_the_service(account: OfficialAccount) -> None:
    Sync.objects.create(account=account, due_at=timezone.now())

    with pytest.raises(IntegrityError):
        Sync.objects.create(account=account, due_at=timezone.now(), status=SyncStatus.WAITING)


def test_is_possible_again_after_the_last_one(run_sync: RunSync) -> None:
    assert run_sync().pk != run_sync().pk
