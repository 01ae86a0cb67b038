"""One form for every message type: what each takes, refuses and keeps."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from campaigns.models import Campaign, Draft, MediaAsset, MsgType
from tests.campaigns.builders import make_asset, make_draft
from wxcore.models import OfficialAccount

ADD = "/admin/campaigns/campaign/add/"
PREVIEW = "/admin/campaigns/campaign/preview/"
DRAFTS = "/admin/campaigns/campaign/drafts/"


def form(account: OfficialAccount, **changes: Any) -> dict[str, Any]:
    return {"account": account.pk, "name": "新品", "msgtype": "text", "audience": "all", "tag": "", **changes}


def errors(response: Any) -> set[str]:
    assert response.status_code == 200
    return set(response.context["adminform"].form.errors)


def ids(*assets: MediaAsset) -> str:
    return ",".join(str(asset.pk) for asset in assets)


@pytest.fixture
def pictures(account: OfficialAccount) -> list[MediaAsset]:
    return [make_asset(account, "image", f"{number}.jpg") for number in range(3)]


def test_a_picture_message_keeps_its_order(
    admin_client: Client, account: OfficialAccount, pictures: list[MediaAsset]
) -> None:
    one, two, three = pictures

    admin_client.post(ADD, form(account, msgtype="image", pictures=ids(three, one, two), description="推荐"))

    campaign = Campaign.objects.get()
    assert list(campaign.campaign_images.values_list("asset", flat=True)) == [three.pk, one.pk, two.pk]
    assert (campaign.msgtype, campaign.description) == (MsgType.IMAGE, "推荐")


@pytest.mark.parametrize(("number", "wrong"), [(20, set()), (21, {"pictures"})])
def test_twenty_pictures_are_the_most(
    admin_client: Client, account: OfficialAccount, number: int, wrong: set[str]
) -> None:
    chosen = [make_asset(account, "image", f"{index}.jpg") for index in range(number)]

    response = admin_client.post(ADD, form(account, msgtype="image", pictures=ids(*chosen)))

    assert (errors(response) if wrong else set()) == wrong
    assert Campaign.objects.count() == (0 if wrong else 1)


def test_a_picture_chosen_twice_is_there_once(
    admin_client: Client, account: OfficialAccount, pictures: list[MediaAsset]
) -> None:
    admin_client.post(ADD, form(account, msgtype="image", pictures=ids(pictures[0], pictures[0])))

    assert Campaign.objects.get().campaign_images.count() == 1


@pytest.mark.parametrize(("msgtype", "field"), [("voice", "voice"), ("mpvideo", "video")])
def test_a_voice_and_a_video_are_files(
    admin_client: Client, account: OfficialAccount, msgtype: str, field: str
) -> None:
    asset = make_asset(account, field, "a")

    admin_client.post(ADD, form(account, msgtype=msgtype, title="标题", **{field: asset.pk}))

    campaign = Campaign.objects.get()
    assert (campaign.msgtype, campaign.media) == (msgtype, asset)


@pytest.mark.parametrize(
    ("msgtype", "field", "kind"),
    [("image", "pictures", "voice"), ("voice", "voice", "video"), ("mpvideo", "video", "image")],
)
def test_a_file_of_another_kind_is_refused(
    admin_client: Client, account: OfficialAccount, msgtype: str, field: str, kind: str
) -> None:
    wrong = make_asset(account, kind, "wrong")

    assert errors(admin_client.post(ADD, form(account, msgtype=msgtype, **{field: wrong.pk}))) == {field}
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    ("msgtype", "field", "kind"),
    [("image", "pictures", "image"), ("voice", "voice", "voice"), ("mpvideo", "video", "video")],
)
def test_a_file_of_another_account_is_refused(
    admin_client: Client,
    account: OfficialAccount,
    other_account: OfficialAccount,
    msgtype: str,
    field: str,
    kind: str,
) -> None:
    foreign = make_asset(other_account, kind, "foreign")

    assert errors(admin_client.post(ADD, form(account, msgtype=msgtype, **{field: foreign.pk}))) == {field}


def test_a_draft_of_another_account_is_refused(
    admin_client: Client, account: OfficialAccount, other_account: OfficialAccount
) -> None:
    foreign = make_draft(other_account)

    assert errors(admin_client.post(ADD, form(account, msgtype="mpnews", draft=foreign.pk))) == {"draft"}


@pytest.mark.parametrize("value", ["999999", "1e3", "'; DROP TABLE", "9" * 40])
def test_a_file_or_draft_that_is_not_there(admin_client: Client, account: OfficialAccount, value: str) -> None:
    response = admin_client.post(ADD, form(account, msgtype="mpnews", draft=value))

    assert errors(response) == {"draft"}


def test_articles_are_a_draft(admin_client: Client, account: OfficialAccount) -> None:
    draft = make_draft(account)

    admin_client.post(ADD, form(account, msgtype="mpnews", draft=draft.pk, send_ignore_reprint="on"))

    campaign = Campaign.objects.get()
    assert (campaign.draft, campaign.send_ignore_reprint) == (draft, True)


def test_what_belongs_to_other_types_is_kept(
    admin_client: Client, account: OfficialAccount, pictures: list[MediaAsset]
) -> None:
    draft, voice = make_draft(account), make_asset(account, "voice", "a.mp3")
    everything = {"text": "你好", "draft": draft.pk, "pictures": ids(*pictures), "voice": voice.pk, "card_id": "p1"}

    admin_client.post(ADD, form(account, msgtype="text", **everything))

    campaign = Campaign.objects.get()
    assert (campaign.text, campaign.draft, campaign.media, campaign.card_id) == ("你好", draft, voice, "p1")
    assert campaign.campaign_images.count() == 3
    html = admin_client.get(f"/admin/campaigns/campaign/{campaign.pk}/change/").content.decode()
    assert f'name="voice" value="{voice.pk}"' in html
    assert f'name="pictures" value="{ids(*pictures)}"' in html


def test_what_another_account_had_is_dropped_where_it_is_not_needed(
    admin_client: Client, account: OfficialAccount, other_account: OfficialAccount
) -> None:
    left_over = {"draft": make_draft(other_account).pk, "pictures": make_asset(other_account, "image", "x").pk}

    admin_client.post(ADD, form(account, text="你好", **left_over))

    campaign = Campaign.objects.get()
    assert (campaign.draft, campaign.campaign_images.count()) == (None, 0)


def test_a_refused_form_shows_what_was_chosen(
    admin_client: Client, account: OfficialAccount, pictures: list[MediaAsset]
) -> None:
    response = admin_client.post(ADD, form(account, name="", msgtype="image", pictures=ids(*pictures)))

    assert errors(response) == {"name"}
    assert f'name="pictures" value="{ids(*pictures)}"' in response.content.decode()


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        ({"msgtype": "mpnews"}, "选择草稿后"),
        ({"msgtype": "image"}, "添加图片后"),
        ({"msgtype": "voice", "voice": "999999"}, "选择语音后"),
        ({"msgtype": "mpvideo", "title": "<b>片</b>"}, "&lt;b&gt;片&lt;/b&gt;"),
        ({"msgtype": "wxcard", "card_id": "pCard"}, "pCard"),
        ({"msgtype": "nonsense"}, "q-news"),
    ],
)
def test_the_phone_shows_an_unfinished_message(admin_client: Client, data: dict[str, str], shown: str) -> None:
    assert shown in admin_client.post(PREVIEW, data).content.decode()


def test_the_phone_shows_nine_pictures_and_counts_the_rest(admin_client: Client, account: OfficialAccount) -> None:
    chosen = [make_asset(account, "image", f"{index}.jpg") for index in range(12)]

    html = admin_client.post(PREVIEW, {"msgtype": "image", "pictures": ids(*chosen)}).content.decode()

    assert html.count("<img") == 9
    assert "+3" in html


@pytest.mark.parametrize(("term", "found"), [("", 2), ("冬季", 1), ("没有", 0)])
def test_drafts_are_found_by_any_title(
    admin_client: Client, account: OfficialAccount, other_account: OfficialAccount, term: str, found: int
) -> None:
    make_draft(account, "双十二", "冬季新品")
    make_draft(account, "公告")
    make_draft(other_account, "冬季")

    html = admin_client.get(DRAFTS, {"account": account.pk, "q": term}).content.decode()

    assert html.count("q-draft-choice") == found


def test_finding_drafts_costs_the_same_for_many(
    admin_client: Client, account: OfficialAccount, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        make_draft(account, f"{number}", "二", "三")

    with django_assert_max_num_queries(6):
        html = admin_client.get(DRAFTS, {"account": account.pk}).content.decode()

    assert html.count("q-draft-choice") == 24


def test_a_draft_chosen_elsewhere_stays_chosen(admin_client: Client, account: OfficialAccount) -> None:
    draft: Draft = make_draft(account, "双十二")
    campaign = Campaign.objects.create(account=account, name="a", msgtype="mpnews", draft=draft)

    html = admin_client.get(f"/admin/campaigns/campaign/{campaign.pk}/change/").content.decode()

    assert f'name="draft" value="{draft.pk}"' in html
    assert "双十二" in html
