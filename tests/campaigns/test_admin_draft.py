"""A draft is written, counted and previewed before anybody can receive it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from campaigns import services
from campaigns.models import Campaign
from campaigns.states import Status
from followers.models import Follower, Tag
from wxcore.models import OfficialAccount

ADD = "/admin/campaigns/campaign/add/"
HEAD_COUNT = "/admin/campaigns/campaign/head-count/"
PREVIEW = "/admin/campaigns/campaign/preview/"

MakeFollowers = Callable[..., list[Follower]]


def change(campaign: Campaign) -> str:
    return f"/admin/campaigns/campaign/{campaign.pk}/change/"


def form(account: OfficialAccount, **changes: Any) -> dict[str, Any]:
    return {
        "account": account.pk,
        "name": "新品",
        "msgtype": "text",
        "text": "你好",
        "audience": "all",
        "tag": "",
        **changes,
    }


def said(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_a_new_campaign_is_a_draft_of_its_author(
    admin_client: Client, admin_user: User, account: OfficialAccount
) -> None:
    response = admin_client.post(ADD, form(account))

    campaign = Campaign.objects.get()
    assert (campaign.status, campaign.created_by, response.url) == (Status.DRAFT, admin_user, change(campaign))


def test_the_lines_of_a_text_end_as_wechat_wants_them(admin_client: Client, account: OfficialAccount) -> None:
    admin_client.post(ADD, form(account, text="一\r\n二"))

    assert Campaign.objects.get().text == "一\n二"


def test_a_tag_must_be_named(admin_client: Client, account: OfficialAccount) -> None:
    response = admin_client.post(ADD, form(account, audience="tag"))

    assert response.context["adminform"].form.errors.keys() == {"tag"}


def test_a_tag_that_is_gone_cannot_be_chosen(admin_client: Client, account: OfficialAccount, tag: Tag) -> None:
    Tag.objects.update(vanished_at=timezone.now())

    response = admin_client.post(ADD, form(account, audience="tag", tag=tag.pk))

    assert response.context["adminform"].form.errors.keys() == {"tag"}


def test_an_uploaded_list_is_reported(
    admin_client: Client, account: OfficialAccount, make_followers: MakeFollowers
) -> None:
    known, gone = make_followers(3), make_followers(1, subscribed=False)
    openids = [follower.openid for follower in [*known, *gone]] + [known[0].openid, "oUnknownUnknownUnknown", "short"]
    upload = SimpleUploadedFile("list.txt", "\n".join(openids).encode())

    response = admin_client.post(ADD, form(account, audience="list", upload=upload), follow=True)

    assert Campaign.objects.get().listed_openids.count() == 5
    words = said(response)
    assert "共 5 个 OpenID：3 个关注中，1 个已取关，1 个未知" in words
    assert "重复 1 个、格式错误 1 个" in words
    assert "short" in words
    assert "oUnknownUnknownUnknown" in words


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_of_a_table_only_the_column_openid_counts(
    admin_client: Client, account: OfficialAccount, make_followers: MakeFollowers, encoding: str
) -> None:
    rows = "\r\n".join(f"客户,{follower.openid},备注" for follower in make_followers(2))
    upload = SimpleUploadedFile("表.csv", f"姓名,OpenID,备注\r\n{rows}\r\n".encode(encoding))

    response = admin_client.post(ADD, form(account, audience="list", upload=upload), follow=True)

    assert "共 2 个 OpenID：2 个关注中" in said(response)
    assert "格式错误 0 个" in said(response)


def test_a_spreadsheet_file_is_refused_with_the_way_out(admin_client: Client, account: OfficialAccount) -> None:
    upload = SimpleUploadedFile("list.xlsx", b"PK\x03\x04rest")

    response = admin_client.post(ADD, form(account, audience="list", upload=upload))

    assert "CSV" in str(response.context["adminform"].form.errors["upload"])


def test_saving_without_a_list_keeps_the_stored_one(
    admin_client: Client, account: OfficialAccount, make_followers: MakeFollowers
) -> None:
    openids = "\n".join(follower.openid for follower in make_followers(3))
    admin_client.post(ADD, form(account, audience="list", openids=openids))
    campaign = Campaign.objects.get()

    admin_client.post(change(campaign), form(account, audience="list", name="改名"))

    campaign.refresh_from_db()
    assert (campaign.name, campaign.listed_openids.count()) == ("改名", 3)


def test_a_save_does_not_undo_a_schedule_made_meanwhile(
    admin_client: Client, campaign: Campaign, make_followers: MakeFollowers
) -> None:
    make_followers(2)
    opened = form(campaign.account, text="改过的正文")
    services.schedule(campaign, at=timezone.now(), by=None)

    response = admin_client.post(change(campaign), opened, follow=True)

    campaign.refresh_from_db()
    assert (campaign.status, campaign.text) == (Status.SCHEDULED, "你好，群发 👋")
    assert "不能执行此操作" in said(response)


def test_a_campaign_that_is_no_draft_shows_no_form(
    admin_client: Client, campaign: Campaign, make_followers: MakeFollowers
) -> None:
    make_followers(2)
    services.schedule(campaign, at=timezone.now(), by=None)

    html = admin_client.get(change(campaign)).content.decode()

    assert 'name="text"' not in html
    assert "已排期" in html


def test_only_a_draft_is_deleted(admin_client: Client, campaign: Campaign, make_followers: MakeFollowers) -> None:
    make_followers(2)
    services.schedule(campaign, at=timezone.now(), by=None)
    delete = change(campaign).replace("change", "delete")

    admin_client.post(delete)
    assert Campaign.objects.exists()

    services.unschedule(campaign)
    services.take_back(campaign)
    admin_client.post(delete)
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    ("audience", "heads"), [("all", 5), ("tag", 2), ("list", 1)], ids=["everybody", "a tag", "a pasted list"]
)
def test_the_head_count_is_that_of_the_unsaved_form(
    admin_client: Client, account: OfficialAccount, tag: Tag, make_followers: MakeFollowers, audience: str, heads: int
) -> None:
    tagged = make_followers(2, tag=tag)
    make_followers(3)
    data = form(account, audience=audience, tag=tag.pk, openids=f"{tagged[0].openid}\noNobodyNobodyNobodyN")

    html = admin_client.post(HEAD_COUNT, data).content.decode()

    assert f"<strong>{heads}</strong>" in html


def test_the_head_count_of_no_tag_is_never_everybody(
    admin_client: Client, account: OfficialAccount, make_followers: MakeFollowers
) -> None:
    make_followers(3)

    html = admin_client.post(HEAD_COUNT, form(account, audience="tag")).content.decode()

    assert "没有选择标签" in html
    assert "<strong>3</strong>" not in html


def test_the_preview_lets_links_through_and_nothing_else(admin_client: Client, db: None) -> None:
    text = '<a href="https://x.cn/?a=1&b=2">看</a><script>1</script><a href="javascript:alert(1)">坏</a><img src=x>'

    html = admin_client.post(PREVIEW, {"msgtype": "text", "text": text}).content.decode()

    assert '<a href="https://x.cn/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer nofollow">看</a>' in html
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;a href=&quot;javascript:" in html


def test_who_may_not_write_campaigns_counts_nobody(staff_user: User, account: OfficialAccount) -> None:
    client = Client()
    client.force_login(staff_user)

    assert client.post(HEAD_COUNT, form(account)).status_code == 403
    assert client.get(ADD).status_code == 403
