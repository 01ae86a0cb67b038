"""What a person is told before they act: previews left, what a recall takes, what a follower can still get."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone
from rest_framework.test import APIClient

from campaigns.models import Broadcast, Campaign, Preview, Recipient
from campaigns.states import BroadcastStatus, Status
from followers.models import Follower
from tests.campaigns.api.conftest import As
from wxcore.models import Kind, OfficialAccount

MakeFollowers = Callable[..., list[Follower]]


def test_previews_left(as_: As, campaign: Campaign, other_account: OfficialAccount) -> None:
    Preview.objects.create(account=campaign.account, campaign=campaign, wxname="somebody", created_at=timezone.now())
    address = f"/api/v1/campaigns/{campaign.pk}/preview/"
    told = as_("editor").get(address).json()
    assert told["left"] == 99
    assert told["recent"] == [{"openid": "", "wxname": "somebody", "label": "somebody"}]
    assert as_("analyst").get(address).status_code == 403
    assert as_("editor", other_account).get(address).status_code == 404


def test_what_a_recall_would_take(as_: As, campaign: Campaign, other_account: OfficialAccount) -> None:
    address = f"/api/v1/campaigns/{campaign.pk}/recall/"
    operator = as_("operator")
    assert operator.get(address).json()["code"] == "not_recallable"
    Campaign.objects.filter(pk=campaign.pk).update(msgtype="mpvideo", status=Status.FINISHED)
    Broadcast.objects.create(
        account=campaign.account, campaign=campaign, position=1, status=BroadcastStatus.FINISHED, msg_id=7,
        recipient_count=50, sent_count=48, submitted_at=timezone.now(),
    )  # fmt: skip
    assert operator.get(address).json() == {"broadcasts": 1, "recipients": 50, "delivered": 48, "days": 1}
    assert list(operator.get(address, {"article": "x"}).json()["fields"]) == ["article"]
    assert as_("editor").get(address).status_code == 403
    assert as_("operator", other_account).get(address).status_code == 404


def test_what_a_follower_can_still_get(
    as_: As, api: APIClient, campaign: Campaign, make_followers: MakeFollowers, other_account: OfficialAccount
) -> None:
    (follower,) = make_followers(1)
    broadcast = Broadcast.objects.create(
        account=campaign.account, campaign=campaign, position=1, status=BroadcastStatus.FINISHED,
        first_attempt_at=timezone.now(),
    )  # fmt: skip
    Recipient.objects.create(broadcast=broadcast, follower=follower)
    address = f"/api/v1/followers/{follower.pk}/quota/"
    assert api.get(address).json() == {"limit": 4, "used": 1, "left": 3}
    assert as_("analyst", other_account).get(address).status_code == 404
    OfficialAccount.objects.filter(pk=campaign.account_id).update(kind=Kind.SUBSCRIPTION)
    assert api.get(address).json() == {"limit": None, "used": None, "left": None}
