"""Tags, and the groups that they replaced."""

import pytest

from tests.simulator.conftest import APPID

TAGGING = "/cgi-bin/tags/members/batchtagging"


def create(caller, name="VIP"):
    return caller.post("/cgi-bin/tags/create", {"tag": {"name": name}})


def code(answer):
    return answer.get("errcode", 0)


def test_one_is_created_renamed_and_deleted(caller):
    assert create(caller) == {"tag": {"id": 100, "name": "VIP"}}
    assert code(caller.post("/cgi-bin/tags/update", {"tag": {"id": 100, "name": "老客"}})) == 0
    assert caller.get("/cgi-bin/tags/get")["tags"][1] == {"id": 100, "name": "老客", "count": 0}
    assert code(caller.post("/cgi-bin/tags/delete", {"tag": {"id": 100}})) == 0
    assert [tag["id"] for tag in caller.get("/cgi-bin/tags/get")["tags"]] == [2]


@pytest.mark.parametrize(("name", "expected"), [("", 45157), ("VIP", 45157), ("好" * 31, 45158), ("好" * 30, 0)])
def test_a_name_is_unique_and_at_most_30_long(caller, name, expected):
    create(caller)
    assert code(create(caller, name)) == expected


def test_100_fit(caller):
    assert [code(create(caller, f"t{n}")) for n in range(101)] == [0] * 100 + [45056]


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_system_tags_and_unknown_ones_are_refused(caller, verb):
    assert code(caller.post(f"/cgi-bin/tags/{verb}", {"tag": {"id": 2}})) == 45058
    assert code(caller.post(f"/cgi-bin/tags/{verb}", {"tag": {"id": 999}})) == 45159


def test_one_with_more_than_100000_followers_stays(control, caller):
    control.followers(APPID, 100_002, tags=[{"name": "big", "share": 1}])
    assert code(caller.post("/cgi-bin/tags/delete", {"tag": {"id": 100}})) == 45057


def test_followers_are_tagged_and_untagged(control, caller):
    control.followers(APPID, 5)
    create(caller)
    openids = control.openids(APPID)[:3]
    assert code(caller.post(TAGGING, {"openid_list": openids, "tagid": 100})) == 0
    members = caller.post("/cgi-bin/user/tag/get", {"tagid": 100, "next_openid": ""})
    assert members == {"count": 3, "data": {"openid": openids}, "next_openid": openids[-1]}
    caller.post("/cgi-bin/tags/members/batchuntagging", {"openid_list": openids[:1], "tagid": 100})
    assert caller.post("/cgi-bin/tags/getidlist", {"openid": openids[0]}) == {"tagid_list": []}
    assert caller.post("/cgi-bin/tags/getidlist", {"openid": openids[1]}) == {"tagid_list": [100]}


def test_members_come_in_pages_of_10000(control, caller):
    control.followers(APPID, 15_000, tags=[{"name": "most", "share": 0.8}])
    first = caller.post("/cgi-bin/user/tag/get", {"tagid": 100, "next_openid": ""})
    second = caller.post("/cgi-bin/user/tag/get", {"tagid": 100, "next_openid": first["next_openid"]})
    third = caller.post("/cgi-bin/user/tag/get", {"tagid": 100, "next_openid": second["next_openid"]})
    assert (first["count"], second["count"], third) == (10_000, 2_000, {"count": 0, "next_openid": ""})


def test_a_bad_list_tags_nobody(control, caller):
    control.followers(APPID, 60)
    create(caller)
    control.account("wxother")
    control.followers("wxother", 1)
    openids = control.openids(APPID)
    assert code(caller.post(TAGGING, {"openid_list": [], "tagid": 100})) == 40032
    assert code(caller.post(TAGGING, {"openid_list": openids[:51], "tagid": 100})) == 40032
    assert code(caller.post(TAGGING, {"openid_list": openids[:1], "tagid": 7})) == 45159
    assert code(caller.post(TAGGING, {"openid_list": [openids[0], *control.openids("wxother")], "tagid": 100})) == 49003
    assert caller.get("/cgi-bin/tags/get")["tags"][1]["count"] == 0


def test_a_follower_carries_20(control, caller):
    control.followers(APPID, 1)
    openids = control.openids(APPID)
    codes = []
    for n in range(21):
        create(caller, f"t{n}")
        codes.append(code(caller.post(TAGGING, {"openid_list": openids, "tagid": 100 + n})))
    assert codes == [0] * 20 + [45059]


def test_who_leaves_loses_them(control, caller):
    control.followers(APPID, 2, tags=[{"name": "all", "share": 1}])
    openid = control.openids(APPID)[0]
    control.unfollow(APPID, openid)
    assert caller.get("/cgi-bin/tags/get")["tags"][1]["count"] == 1
    control.follow(APPID, openid)
    assert caller.post("/cgi-bin/tags/getidlist", {"openid": openid}) == {"tagid_list": []}


def test_shares_are_exact(control, caller):
    control.followers(APPID, 10_000, tags=[{"name": "a", "share": 0.1}, {"name": "b", "share": 0.333}])
    assert [tag["count"] for tag in caller.get("/cgi-bin/tags/get")["tags"]] == [0, 1000, 3330]


def test_groups_are_tags_of_which_one_has_one(control, caller):
    control.followers(APPID, 3)
    openids = control.openids(APPID)
    group = caller.post("/cgi-bin/groups/create", {"group": {"name": "test"}})["group"]["id"]
    other = create(caller, "other")["tag"]["id"]
    caller.post(TAGGING, {"openid_list": openids[:1], "tagid": other})
    assert code(caller.post("/cgi-bin/groups/members/update", {"openid": openids[0], "to_groupid": group})) == 0
    assert caller.post("/cgi-bin/groups/getid", {"openid": openids[0]}) == {"groupid": group}
    caller.post("/cgi-bin/groups/members/batchupdate", {"openid_list": openids[1:2], "to_groupid": str(group)})
    counts = {found["id"]: found["count"] for found in caller.get("/cgi-bin/groups/get")["groups"]}
    assert counts == {0: 1, 1: 0, 2: 0, group: 2, other: 0}


def test_groups_are_renamed_and_deleted(control, caller):
    control.followers(APPID, 1)
    group = caller.post("/cgi-bin/groups/create", {"group": {"name": "test"}})["group"]["id"]
    caller.post("/cgi-bin/groups/members/update", {"openid": control.openids(APPID)[0], "to_groupid": group})
    assert code(caller.post("/cgi-bin/groups/update", {"group": {"id": group, "name": "new"}})) == 0
    assert code(caller.post("/cgi-bin/groups/delete", {"group": {"id": group}})) == 0
    assert caller.post("/cgi-bin/groups/getid", {"openid": control.openids(APPID)[0]}) == {"groupid": 0}
    body = {"openid": control.openids(APPID)[0], "to_groupid": group}
    assert code(caller.post("/cgi-bin/groups/members/update", body)) == 40050
