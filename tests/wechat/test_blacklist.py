"""The blacklist, as the simulator keeps it."""

from __future__ import annotations

import pytest

from tests.wechat.host import Host
from wxcore.wechat.client import WeChat
from wxcore.wechat.errors import InvalidOpenid, InvalidRequest


def test_followers_are_put_on_it_and_taken_off(simulated: WeChat, openids: list[str]) -> None:
    simulated.blacklist.add(openids[:3])
    simulated.blacklist.remove(openids[1:2])
    page = simulated.blacklist.list_openids()
    assert (page.total, set(page.openids)) == (2, {openids[0], openids[2]})


def test_it_is_read_page_after_page(simulated: WeChat, openids: list[str]) -> None:
    simulated.blacklist.add(openids)
    whole = simulated.blacklist.list_openids().openids
    assert simulated.blacklist.list_openids(whole[1]).openids == whole[2:]


def test_it_is_empty_at_first(simulated: WeChat) -> None:
    assert simulated.blacklist.list_openids().openids == ()


def test_a_stranger_cannot_be_put_on_it(simulated: WeChat) -> None:
    with pytest.raises(InvalidOpenid):
        simulated.blacklist.add(["o" * 28])


def test_more_than_twenty_are_refused_before_anything_is_sent(host: Host, wechat: WeChat) -> None:
    with pytest.raises(InvalidRequest):
        wechat.blacklist.add([f"o{number}" for number in range(21)])
    assert host.requests == []
