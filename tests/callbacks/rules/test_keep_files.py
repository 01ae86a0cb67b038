"""The files of active rules stay at WeChat, so that the first follower who asks gets them at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from callbacks import replying, rulefiles, tasks
from callbacks.models import ReplyKind, ReplyRule
from campaigns.models import MediaAsset, RemoteMedia, Target
from tests.callbacks.rules.conftest import Make, push
from tests.campaigns.builders import make_asset
from tests.conftest import APPID
from tests.simulator_control import Control
from tests.wechat import files
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def poster(wechat_account: OfficialAccount) -> MediaAsset:
    content = files.jpeg()
    return make_asset(wechat_account, "image", "海报.jpg", content=content, size=len(content), mime="image/jpeg")


@pytest.fixture
def rule(poster: MediaAsset, make_rule: Make) -> ReplyRule:
    return make_rule(kind=ReplyKind.IMAGE, asset=poster)


def answer(rule: ReplyRule, at: dt.datetime) -> replying.Answer:
    replying.forget_rules()
    found = replying.choose(rule.account_id, push(type="text", content="价格"), at)
    assert found is not None
    return found


def test_the_first_follower_gets_the_file_at_once(rule: ReplyRule) -> None:
    now = timezone.now()
    assert answer(rule, now).reply is None

    tasks.keep_files()

    copy = RemoteMedia.objects.get(target=Target.TEMPORARY)
    assert answer(rule, now).reply.media_id == copy.media_id  # type: ignore[union-attr]


def test_it_is_renewed_before_an_answer_would_do_without(rule: ReplyRule, control: Control) -> None:
    start = timezone.now()
    assert rulefiles.keep(start) == 1
    first = RemoteMedia.objects.get().media_id

    for hours in range(0, 240, 2):
        now = start + hours * HOUR
        rulefiles.keep(now)
        assert answer(rule, now).reply is not None

    assert RemoteMedia.objects.get().media_id != first
    assert len(control.all_media(APPID)) == 5  # every 54 hours


def test_what_is_there_for_long_is_left_alone(rule: ReplyRule, control: Control) -> None:
    rulefiles.keep(timezone.now())

    assert rulefiles.keep(timezone.now()) == 0
    assert len(control.all_media(APPID)) == 1


def test_a_permanent_copy_is_enough(rule: ReplyRule, control: Control) -> None:
    RemoteMedia.objects.create(asset=rule.asset, target=Target.PERMANENT, media_id="P" * 40)

    assert rulefiles.keep(timezone.now()) == 0
    assert control.all_media(APPID) == []


@pytest.mark.parametrize("off", ["rule", "account"])
def test_what_is_switched_off_needs_no_file(rule: ReplyRule, control: Control, off: str) -> None:
    (ReplyRule if off == "rule" else OfficialAccount).objects.update(is_active=False)

    assert rulefiles.keep(timezone.now()) == 0
    assert control.all_media(APPID) == []


def test_music_needs_its_cover_as_a_thumbnail(poster: MediaAsset, make_rule: Make) -> None:
    rule = make_rule(kind=ReplyKind.MUSIC, asset=poster, title="曲", music_url="https://example.com/a.mp3")

    assert rulefiles.keep(timezone.now()) == 1

    assert answer(rule, timezone.now()).reply.thumb_media_id == RemoteMedia.objects.get(variant="thumb").media_id  # type: ignore[union-attr]


def test_a_file_that_is_gone_costs_the_others_nothing(
    rule: ReplyRule, make_rule: Make, wechat_account: OfficialAccount
) -> None:
    rule.asset.file.delete()  # type: ignore[union-attr]
    content = files.jpeg("navy")
    other = make_asset(wechat_account, "image", "菜单.jpg", content=content, size=len(content), mime="image/jpeg")
    make_rule(kind=ReplyKind.IMAGE, asset=other, words="菜单")

    assert rulefiles.keep(timezone.now()) == 1

    assert RemoteMedia.objects.exclude(media_id="").get().asset == other
