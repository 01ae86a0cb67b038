"""The groups of old accounts, which share their ids with tags."""

from __future__ import annotations

import pytest

from tests.wechat.host import Host
from wxcore.wechat.client import WeChat
from wxcore.wechat.errors import InvalidRequest, UnknownTag
from wxcore.wechat.groups import GroupInfo


def test_they_are_listed_with_their_counts(simulated: WeChat) -> None:
    assert {GroupInfo(0, "未分组", 3), GroupInfo(100, "VIP", 2)} <= set(simulated.groups.list())


def test_one_is_made_renamed_and_deleted(simulated: WeChat) -> None:
    group = simulated.groups.create("新客户")
    simulated.groups.update(group.id, "老客户")
    assert GroupInfo(group.id, "老客户", 0) in simulated.groups.list()
    simulated.groups.delete(group.id)
    assert group.id not in [found.id for found in simulated.groups.list()]


def test_a_follower_is_in_one_group_at_a_time(simulated: WeChat, openids: list[str]) -> None:
    other = simulated.groups.create("新客户")
    simulated.groups.move(openids[:1], other.id)
    assert simulated.groups.of_follower(openids[0]) == other.id
    assert simulated.groups.of_follower(openids[1]) == 100


def test_one_follower_is_moved(simulated: WeChat, openids: list[str]) -> None:
    simulated.groups.move_one(openids[4], 100)
    assert simulated.groups.of_follower(openids[4]) == 100


def test_a_group_that_is_not_there_is_unknown(simulated: WeChat, openids: list[str]) -> None:
    with pytest.raises(UnknownTag):
        simulated.groups.move(openids, 999)


def test_an_empty_move_is_refused_before_anything_is_sent(host: Host, wechat: WeChat) -> None:
    with pytest.raises(InvalidRequest):
        wechat.groups.move([], 100)
    assert host.requests == []
