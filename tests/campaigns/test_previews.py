"""A preview reaches one phone, is kept, and says in plain words why not."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from rest_framework.test import APIClient

from campaigns import content, drafts, previews, services
from campaigns.models import Campaign, Draft, MsgType, Preview
from campaigns.states import NotAllowedNow
from followers.models import Follower
from tests.campaigns.builders import make_asset
from tests.campaigns.conftest import Mirror
from tests.campaigns.preparing.conftest import jpeg
from tests.people import permit
from tests.simulator_control import Control
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount
from wxcore.wechat.errors import ApiError

PREVIEW = "/cgi-bin/message/mass/preview"


@pytest.fixture
def follower(mirror: Mirror) -> Follower:
    mirror(3)
    Follower.objects.filter(pk=Follower.objects.first().pk).update(remark="老板")
    return Follower.objects.get(remark="老板")


@pytest.fixture
def draft(wechat_account: OfficialAccount) -> Draft:
    cover = make_asset(wechat_account, "image", "封面.jpg", content=jpeg(1))
    return drafts.create(wechat_account, None, [{"title": "双十二", "body": "<p>正文</p>", "cover": cover.pk}])


def page(campaign: Campaign, name: str = "phone") -> str:
    return f"/admin/campaigns/campaign/{campaign.pk}/{name}/"


def said(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def shown(control: Control, follower: Follower) -> list[dict[str, Any]]:
    """The previews on the follower's phone."""
    return [message for message in control.chat(follower.openid) if message["kind"] == "preview"]


def calls(control: Control) -> int:
    return control.calls()["counts"].get(PREVIEW, 0)


def test_a_follower_gets_the_message_as_it_stands(
    campaign: Campaign, follower: Follower, control: Control, now: dt.datetime
) -> None:
    previews.send(campaign, openid=follower.openid, by=None, now=now)

    (message,) = shown(control, follower)
    assert message["text"] == campaign.text
    assert Preview.objects.get().error_code == ""


def test_a_draft_is_shown_without_a_campaign(
    draft: Draft, follower: Follower, control: Control, now: dt.datetime
) -> None:
    previews.send(draft, openid=follower.openid, by=None, now=now)

    (message,) = shown(control, follower)
    assert message["articles"][0]["title"] == "双十二"
    assert Preview.objects.get().draft == draft


def test_pictures_are_uploaded_for_it(
    campaign: Campaign, follower: Follower, control: Control, now: dt.datetime
) -> None:
    content.replace_pictures(campaign, [make_asset(campaign.account, "image", "图.jpg", content=jpeg(2))])
    campaign.msgtype = MsgType.IMAGE
    campaign.save()

    previews.send(campaign, openid=follower.openid, by=None, now=now)

    assert len(shown(control, follower)) == 1


@pytest.mark.parametrize(
    "person", [{}, {"openid": "o", "wxname": "w"}, {"wxname": " "}, {"wxname": "w" * 65}, {"openid": "o\0"}]
)
def test_it_goes_to_exactly_one(
    campaign: Campaign, follower: Follower, control: Control, now: dt.datetime, person: dict[str, str]
) -> None:
    with pytest.raises(previews.NobodyNamed):
        previews.send(campaign, **person, by=None, now=now)

    assert (calls(control), Preview.objects.count()) == (0, 0)


@pytest.mark.parametrize("change", [{"subscribed": False}, {"account": "other"}])
def test_who_does_not_follow_gets_nothing(
    campaign: Campaign,
    follower: Follower,
    other_account: OfficialAccount,
    control: Control,
    now: dt.datetime,
    change: dict[str, Any],
) -> None:
    change = {"account": other_account} if "account" in change else change
    Follower.objects.filter(pk=follower.pk).update(**change)

    with pytest.raises(previews.NotFollowing):
        previews.send(campaign, openid=follower.openid, by=None, now=now)

    assert calls(control) == 0


@pytest.mark.parametrize("errcode", [40132, 43004, 45009])
def test_a_refusal_is_told_and_kept(
    campaign: Campaign, follower: Follower, control: Control, now: dt.datetime, errcode: int
) -> None:
    control.fault(PREVIEW, errcode=errcode, errmsg="no")

    with pytest.raises(ApiError) as refused:
        previews.send(campaign, wxname="somebody", by=None, now=now)

    assert refused.value.errcode == errcode
    row = Preview.objects.get()
    assert (row.wxname, str(errcode) in row.error_message, bool(row.error_fix)) == ("somebody", True, True)


def test_an_empty_message_is_not_sent(
    campaign: Campaign, follower: Follower, control: Control, now: dt.datetime
) -> None:
    Campaign.objects.update(text="")

    with pytest.raises(OperatorError):
        previews.send(Campaign.objects.get(), openid=follower.openid, by=None, now=now)

    assert (calls(control), Preview.objects.get().error_code) == (0, "empty_text")


def test_what_is_scheduled_is_not_previewed(campaign: Campaign, follower: Follower, now: dt.datetime) -> None:
    services.schedule(campaign, at=now, by=None)

    with pytest.raises(NotAllowedNow):
        previews.send(campaign, openid=follower.openid, by=None, now=now)


def test_the_hundred_of_a_day_are_counted_in_shanghai(account: OfficialAccount) -> None:
    midnight = dt.datetime(2026, 1, 10, 16, tzinfo=dt.UTC)  # 00:00 of the eleventh in Shanghai
    for offset in (-1, 0, 1):
        Preview.objects.create(account=account, wxname="a", created_at=midnight + dt.timedelta(seconds=offset))
    Preview.objects.create(account=account, openid="o", created_at=midnight)
    Preview.objects.create(account=account, wxname="b", created_at=midnight, error_code="wechat_api")

    assert previews.left(account, now=midnight + dt.timedelta(hours=1)) == 98


def test_the_hundred_and_first_is_refused(campaign: Campaign, now: dt.datetime) -> None:
    Preview.objects.bulk_create(
        Preview(account=campaign.account, wxname="a", created_at=now) for _number in range(previews.DAILY)
    )

    with pytest.raises(previews.NoPreviewLeft):
        previews.send(campaign, wxname="a", by=None, now=now)


def test_who_had_one_last_is_offered_first(account: OfficialAccount, follower: Follower, now: dt.datetime) -> None:
    for person in ({"wxname": "first"}, {"openid": follower.openid}, {"wxname": "last"}, {"openid": "oGone"}):
        Preview.objects.create(account=account, created_at=now, **person)
    Preview.objects.create(account=account, created_at=now, wxname="first")

    assert [person.label for person in previews.recent(account)] == ["first", "last", "老板"]


# The page


def test_the_page_sends_it(
    admin_client: Client, campaign: Campaign, follower: Follower, control: Control, admin_user: User
) -> None:
    response = admin_client.post(page(campaign), {"person": f"openid:{follower.openid}"}, follow=True)

    assert "老板" in said(response)
    assert len(shown(control, follower)) == 1
    assert Preview.objects.get().created_by == admin_user


def test_the_page_says_what_is_left_and_what_was_tried(
    admin_client: Client, campaign: Campaign, follower: Follower, control: Control
) -> None:
    control.fault(PREVIEW, errcode=40132, errmsg="no")
    admin_client.post(page(campaign), {"wxname": "nobody"})

    html = admin_client.get(page(campaign)).content.decode()

    assert "100" in html
    assert "nobody" in html
    assert "40132" in html


@pytest.mark.parametrize(("term", "found"), [("老", 1), ("o", 3), ("x", 0), ("\0老", 1)])
def test_a_follower_is_found_by_remark_or_openid(
    admin_client: Client, campaign: Campaign, follower: Follower, other_account: OfficialAccount, term: str, found: int
) -> None:
    Follower.objects.create(
        account=other_account, openid="oElsewhere", remark="老二", confirmed_at=follower.confirmed_at
    )

    html = admin_client.get(page(campaign, "people"), {"q": term}).content.decode()

    assert html.count('type="radio"') == found


def test_the_draft_has_the_page_too(admin_client: Client, draft: Draft, follower: Follower, control: Control) -> None:
    address = f"/admin/campaigns/draft/{draft.pk}/phone/"
    assert "双十二" in admin_client.get(address).content.decode()

    admin_client.post(address, {"person": f"openid:{follower.openid}"})

    assert len(shown(control, follower)) == 1


def test_who_may_only_look_sends_no_preview(staff_user: User, campaign: Campaign) -> None:
    permit(staff_user, "view_campaign")
    client = Client()
    client.force_login(staff_user)

    assert client.get(page(campaign)).status_code == 403
    assert client.get(page(campaign, "people")).status_code == 403


# The API


def test_the_api_sends_it(api: APIClient, campaign: Campaign, follower: Follower, control: Control) -> None:
    answer = api.post(f"/api/v1/campaigns/{campaign.pk}/preview/", {"openid": follower.openid}, format="json")

    assert (answer.status_code, answer.json()["openid"]) == (201, follower.openid)
    assert len(shown(control, follower)) == 1


def test_the_api_refuses_nobody(api: APIClient, campaign: Campaign) -> None:
    answer = api.post(f"/api/v1/campaigns/{campaign.pk}/preview/", {}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (400, "preview_to_nobody")


def test_the_api_sends_a_draft_too(api: APIClient, draft: Draft, follower: Follower, control: Control) -> None:
    address = f"/api/v1/drafts/{draft.pk}/preview/"
    answer = api.post(address, {"openid": follower.openid}, format="json")

    assert (answer.status_code, answer.json()["draft"], answer.json()["campaign"]) == (201, draft.pk, None)
    assert len(shown(control, follower)) == 1
    assert api.get(address).json()["recent"][0]["openid"] == follower.openid
