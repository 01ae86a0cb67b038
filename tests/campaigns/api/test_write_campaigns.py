"""POST, PUT, PATCH and DELETE of /api/v1/campaigns/: what the admin's form does, by the same rules."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from campaigns import content
from campaigns.models import Campaign, CampaignEvent
from campaigns.states import Status
from followers.models import Segment, Tag
from tests.campaigns.api.conftest import As
from tests.campaigns.builders import make_asset, make_draft
from wxcore.models import OfficialAccount

CAMPAIGNS = "/api/v1/campaigns/"


@pytest.fixture
def editor(as_: As) -> APIClient:
    return as_("editor")


def address(campaign: Campaign) -> str:
    return f"{CAMPAIGNS}{campaign.pk}/"


def test_a_text_to_everybody(editor: APIClient, account: OfficialAccount) -> None:
    given = {"account": account.pk, "name": "新品", "text": "你好\r\n👋", "audience": "all"}
    answer = editor.post(CAMPAIGNS, given, format="json")
    assert answer.status_code == 201
    assert answer.headers["ETag"]
    campaign = Campaign.objects.get(pk=answer.json()["id"])
    assert (campaign.text, campaign.status, campaign.created_by.username) == ("你好\n👋", "draft", "editor-test")
    assert CampaignEvent.objects.get(campaign=campaign).door == "api"


def test_each_type_takes_its_content(editor: APIClient, account: OfficialAccount) -> None:
    pictures = [make_asset(account, "image", f"{number}.jpg") for number in range(2)]
    chosen = {
        "mpnews": {"draft": make_draft(account).pk, "send_ignore_reprint": True},
        "image": {"pictures": [asset.pk for asset in reversed(pictures)], "need_open_comment": True},
        "voice": {"media": make_asset(account, "voice", "v.mp3").pk},
        "mpvideo": {"media": make_asset(account, "video", "v.mp4").pk, "title": "片", "description": "短"},
        "wxcard": {"card_id": "pCard"},
    }
    for msgtype, content_ in chosen.items():
        given = {"account": account.pk, "name": msgtype, "msgtype": msgtype, **content_}
        told = editor.post(CAMPAIGNS, given, format="json").json()
        assert {name: told[name] for name in content_} == content_, told


def test_each_audience_takes_its_choice(editor: APIClient, account: OfficialAccount, tag: Tag) -> None:
    segment = Segment.objects.create(account=account, name="人", conditions={"groups": [[{"kind": "quota"}]]})
    chosen: dict[str, dict[str, Any]] = {
        "all": {},
        "tag": {"tag": tag.pk},
        "tags": {"conditions": {"any": [tag.pk]}},
        "segment": {"segment": segment.pk},
        "list": {"openids": ["oTest00000000000000000001"] * 2},
    }
    for audience, choice in chosen.items():
        given = {"account": account.pk, "name": audience, "text": "x", "audience": audience, **choice}
        answer = editor.post(CAMPAIGNS, given, format="json")
        assert answer.status_code == 201, answer.json()
    assert Campaign.objects.get(name="list").listed_openids.count() == 1
    assert Campaign.objects.get(name="tags").conditions["any"] == [tag.pk]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"msgtype": "song"}, "msgtype"),
        ({"audience": "tag"}, "tag"),
        ({"audience": "segment"}, "segment"),
        ({"audience": "tags"}, "conditions"),
        ({"audience": "tags", "conditions": {"any": [404404]}}, "conditions"),
        ({"audience": "tags", "conditions": []}, "conditions"),
        ({"audience": "tag", "tag": 404404}, "tag"),
        ({"audience": "all", "openids": ["oTest00000000000000000001"]}, "openids"),
        ({"msgtype": "image", "pictures": [404404]}, "pictures"),
        ({"msgtype": "image", "pictures": list(range(1, 30))}, "pictures"),
        ({"msgtype": "voice", "media": 404404}, "media"),
        ({"draft": "x"}, "draft"),
        ({"account": 404404}, "account"),
    ],
)
def test_nonsense_names_its_field(
    editor: APIClient, account: OfficialAccount, given: dict[str, Any], field: str
) -> None:
    answer = editor.post(CAMPAIGNS, {"account": account.pk, "name": "n", "text": "x", **given}, format="json")
    assert answer.status_code == 400
    assert [name.partition(".")[0] for name in answer.json()["fields"]] == [field]
    assert not Campaign.objects.exists()


def test_a_file_of_another_kind_is_refused(editor: APIClient, account: OfficialAccount) -> None:
    video = make_asset(account, "video", "v.mp4")
    given = {"account": account.pk, "name": "n", "msgtype": "voice", "media": video.pk}
    answer = editor.post(CAMPAIGNS, given, format="json").json()
    assert (answer["code"], answer["fields"]) == ("wrong_kind", {"media": "wrong_kind"})


def test_what_is_another_account_s_does_not_exist(
    editor: APIClient, account: OfficialAccount, other_account: OfficialAccount
) -> None:
    theirs = make_asset(other_account, "image", "t.jpg"), make_draft(other_account)
    tag = Tag.objects.create(account=other_account, tag_id=1, name="t")
    for given in (
        {"account": other_account.pk},
        {"msgtype": "image", "pictures": [theirs[0].pk]},
        {"msgtype": "mpnews", "draft": theirs[1].pk},
        {"audience": "tag", "tag": tag.pk},
    ):
        answer = editor.post(CAMPAIGNS, {"account": account.pk, "name": "n", **given}, format="json")
        assert answer.status_code == 400
        assert list(answer.json()["fields"]) == [list(given)[-1]]


def test_of_two_accounts_of_mine_nothing_is_mixed(
    api: APIClient, account: OfficialAccount, other_account: OfficialAccount
) -> None:
    given = {"account": account.pk, "name": "n", "msgtype": "mpnews", "draft": make_draft(other_account).pk}
    answer = api.post(CAMPAIGNS, given, format="json").json()
    assert (answer["code"], list(answer["fields"])) == ("of_another_account", ["draft"])


def test_a_patch_leaves_the_rest(editor: APIClient, campaign: Campaign) -> None:
    pictures = [make_asset(campaign.account, "image", "a.jpg")]
    content.replace_pictures(campaign, pictures)
    told = editor.patch(address(campaign), {"name": "改名"}, format="json").json()
    assert (told["name"], told["text"], told["pictures"]) == ("改名", campaign.text, [pictures[0].pk])


def test_a_put_needs_the_whole(editor: APIClient, campaign: Campaign) -> None:
    answer = editor.put(address(campaign), {"name": "改名"}, format="json")
    assert list(answer.json()["fields"]) == ["account"]
    whole = editor.get(address(campaign)).json()
    assert editor.put(address(campaign), whole | {"name": "改名"}, format="json").status_code == 200


def test_of_two_editors_the_second_is_told(editor: APIClient, campaign: Campaign) -> None:
    seen = editor.get(address(campaign)).headers["ETag"]
    assert editor.patch(address(campaign), {"text": "甲"}, format="json", headers={"If-Match": seen}).status_code == 200
    late = editor.patch(address(campaign), {"text": "乙"}, format="json", headers={"If-Match": seen})
    assert (late.status_code, late.json()["code"]) == (412, "changed_meanwhile")
    campaign.refresh_from_db()
    assert campaign.text == "甲"


def test_what_is_no_draft_stays(editor: APIClient, campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(status=Status.FINISHED)
    for answer in (
        editor.patch(address(campaign), {"text": "甲"}, format="json"),
        editor.delete(address(campaign)),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_now")
    assert Campaign.objects.get().text == campaign.text


def test_a_draft_is_deleted_once(editor: APIClient, campaign: Campaign) -> None:
    assert editor.delete(address(campaign)).status_code == 204
    assert editor.delete(address(campaign)).status_code == 404


def test_who_may_not(as_: As, campaign: Campaign, other_account: OfficialAccount) -> None:
    given = {"account": campaign.account_id, "name": "n", "text": "x"}
    for role in ("analyst", "approver", "operator"):
        client = as_(role)
        assert client.post(CAMPAIGNS, given, format="json").status_code == 403
        assert client.patch(address(campaign), {"name": "x"}, format="json").status_code == 403
        assert client.delete(address(campaign)).status_code == 403
    stranger = as_("administrator", other_account)
    assert stranger.patch(address(campaign), {"name": "x"}, format="json").status_code == 404
    assert stranger.delete(address(campaign)).status_code == 404


def test_a_copy(editor: APIClient, as_: As, campaign: Campaign, other_account: OfficialAccount) -> None:
    told = editor.post(f"{address(campaign)}duplicate/", {}, format="json")
    assert (told.status_code, told.json()["name"], told.json()["text"]) == (201, "新品（副本）", campaign.text)
    named = editor.post(f"{address(campaign)}duplicate/", {"name": "二"}, format="json").json()
    assert named["name"] == "二"
    assert as_("operator").post(f"{address(campaign)}duplicate/").status_code == 403
    assert as_("editor", other_account).post(f"{address(campaign)}duplicate/").status_code == 404


def test_html_stays_text(editor: APIClient, account: OfficialAccount) -> None:
    given = {"account": account.pk, "name": "<b>x</b>", "text": "<script>1</script>"}
    told = editor.post(CAMPAIGNS, given, format="json").json()
    assert (told["name"], told["text"]) == (given["name"], given["text"])
