"""Tags, as the simulator keeps them."""

from __future__ import annotations

import pytest

from tests.wechat.host import Host
from wxcore.wechat.client import WeChat
from wxcore.wechat.errors import ApiError, BadAnswer, InvalidOpenid, InvalidRequest, UnknownTag
from wxcore.wechat.tags import TagInfo


def test_they_are_listed_with_their_counts(simulated: WeChat) -> None:
    assert TagInfo(100, "VIP", 2) in simulated.tags.list()


def test_one_is_made_renamed_and_deleted(simulated: WeChat) -> None:
    tag = simulated.tags.create("新客户")
    simulated.tags.update(tag.id, "老客户")
    assert TagInfo(tag.id, "老客户", 0) in simulated.tags.list()
    simulated.tags.delete(tag.id)
    assert tag.id not in [found.id for found in simulated.tags.list()]


def test_a_name_that_is_taken_is_refused(simulated: WeChat) -> None:
    with pytest.raises(ApiError) as caught:
        simulated.tags.create("VIP")
    assert caught.value.errcode == 45157


def test_followers_are_tagged_and_untagged(simulated: WeChat, openids: list[str]) -> None:
    simulated.tags.tag(openids[2:4], 100)
    assert set(simulated.tags.members(100).openids) == set(openids[:4])
    simulated.tags.untag(openids[:3], 100)
    assert simulated.tags.members(100).openids == (openids[3],)
    assert simulated.tags.of_follower(openids[3]) == (100,)
    assert simulated.tags.of_follower(openids[0]) == ()


def test_members_go_on_after_an_openid(simulated: WeChat) -> None:
    first, second = simulated.tags.members(100).openids
    assert simulated.tags.members(100, first).openids == (second,)


def test_a_tag_that_is_not_there_is_unknown(simulated: WeChat, openids: list[str]) -> None:
    with pytest.raises(UnknownTag):
        simulated.tags.tag(openids, 999)


def test_a_stranger_cannot_be_tagged(simulated: WeChat) -> None:
    with pytest.raises(InvalidOpenid):
        simulated.tags.tag(["o" * 28], 100)


@pytest.mark.parametrize("given", [[], "o1", ["o1", "o1"], ["o1", ""], ["o1", None], [f"o{n}" for n in range(51)]])
def test_a_list_that_makes_no_sense_is_refused_before_anything_is_sent(
    host: Host, wechat: WeChat, given: list[str]
) -> None:
    with pytest.raises(InvalidRequest):
        wechat.tags.tag(given, 100)
    assert host.requests == []


def test_a_new_tag_without_id_is_a_bad_answer(host: Host, wechat: WeChat) -> None:
    host.will("/cgi-bin/tags/create", {"errcode": 0})
    with pytest.raises(BadAnswer):
        wechat.tags.create("x")
