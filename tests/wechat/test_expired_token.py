"""A token that dies at WeChat while we believe in it."""

from __future__ import annotations

import requests

from tests.simulator_control import Control
from tests.wechat.conftest import APPID, SECRET
from wxcore.wechat.broadcasts import TextMessage, ToAll
from wxcore.wechat.client import WeChat

TOKEN_CALL = "/cgi-bin/stable_token"


def test_it_is_replaced_when_its_time_is_over(control: Control, simulated: WeChat) -> None:
    simulated.tags.list()
    control.advance(7201)
    assert simulated.broadcasts.sendall(ToAll(), TextMessage("hi"), clientmsgid="c1").msg_id
    assert control.calls()["counts"][TOKEN_CALL] == 2
    assert len(control.jobs(APPID)) == 1


def test_it_is_replaced_when_another_program_has_forced_a_new_one(control: Control, simulated: WeChat) -> None:
    simulated.tags.list()
    control.advance(31)  # forced within 30 seconds, the same token would come back
    asked = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET, "force_refresh": True}
    with requests.Session() as other:
        other.trust_env = False
        assert other.post(control.url + TOKEN_CALL, json=asked, timeout=5).json()["access_token"]
    assert simulated.tags.list()
    assert control.calls()["counts"][TOKEN_CALL] == 3
