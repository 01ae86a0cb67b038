"""The simulator pushes over real HTTP, in every mode and with everything that WeChat does to a push."""

from __future__ import annotations

import pytest

from callbacks import tasks
from callbacks.models import Callback
from callbacks.states import CallbackStatus
from followers.models import Follower
from tests.callbacks.sender import AES_KEY, PREVIOUS_AES_KEY
from tests.conftest import APPID
from tests.simulator_control import Control, wait_for
from wxcore.models import MessageMode, OfficialAccount

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def listening(wechat_account: OfficialAccount, control: Control, live_server) -> OfficialAccount:
    control.settings(push_interval=0)
    control.account(APPID, callback_url=f"{live_server.url}/wechat/test/")
    return wechat_account


def ended(control: Control, state: str) -> bool:
    pushes = control.pushes()
    return bool(pushes) and all(push["state"] == state for push in pushes)


@pytest.mark.parametrize("mode", MessageMode.values)
def test_follow_and_leave_arrive_in_every_mode(listening: OfficialAccount, control: Control, mode: str) -> None:
    listening.message_mode, listening.aes_key = mode, AES_KEY
    listening.save()
    control.account(APPID, mode=mode, encoding_aes_key=AES_KEY)
    stays, goes = control.follow(APPID), control.follow(APPID)
    control.advance(2)  # of two events in one second, nobody can tell which came first
    control.unfollow(APPID, goes)
    wait_for(lambda: Callback.objects.count() == 3)

    tasks.tick()

    assert dict(Follower.objects.values_list("openid", "subscribed")) == {stays: True, goes: False}


def test_a_key_changed_between_two_pushes_loses_none(listening: OfficialAccount, control: Control) -> None:
    listening.aes_key, listening.previous_aes_key = AES_KEY, PREVIOUS_AES_KEY
    listening.message_mode = MessageMode.SAFE
    listening.save()
    for key in (PREVIOUS_AES_KEY, AES_KEY):
        control.account(APPID, mode="safe", encoding_aes_key=key)
        control.follow(APPID)

    wait_for(lambda: Callback.objects.count() == 2)


@pytest.mark.parametrize("plan", ["bad_signature", "wrong_appid"])
def test_a_forged_push_is_refused_three_times(listening: OfficialAccount, control: Control, plan: str) -> None:
    listening.aes_key, listening.message_mode = AES_KEY, MessageMode.SAFE
    listening.save()
    control.account(APPID, mode="safe", encoding_aes_key=AES_KEY)
    control.plan_pushes(**{plan: 1})

    control.follow(APPID)

    wait_for(lambda: ended(control, "failed"))
    assert len(control.pushes()[0]["attempts"]) == 3
    assert not Callback.objects.exists()


def test_pushes_in_the_wrong_order_end_in_the_right_state(listening: OfficialAccount, control: Control) -> None:
    openid = control.follow(APPID)
    wait_for(lambda: Callback.objects.count() == 1)
    control.plan_pushes(reorder=2)
    control.unfollow(APPID, openid)
    control.advance(5)
    control.follow(APPID, openid)
    wait_for(lambda: Callback.objects.count() == 3)

    tasks.tick()

    assert Follower.objects.get().subscribed
    assert set(Callback.objects.values_list("status", flat=True)) == {CallbackStatus.PROCESSED}
