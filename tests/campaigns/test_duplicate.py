"""A duplicate is a new draft with the same content and audience."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from campaigns import audience, services
from campaigns.models import Audience, Campaign
from campaigns.states import Status
from followers.models import Tag
from wxcore import failures
from wxcore.errors import OperatorError

pytestmark = pytest.mark.django_db


def test_it_keeps_text_and_tag(campaign: Campaign, tag: Tag, admin_user: User) -> None:
    campaign.audience, campaign.tag = Audience.TAG, tag

    copy = services.duplicate(campaign, name="新品（副本）", by=admin_user)

    assert (copy.text, copy.audience, copy.tag, copy.account) == (campaign.text, "tag", tag, campaign.account)
    assert (copy.name, copy.created_by) == ("新品（副本）", admin_user)


def test_it_keeps_the_list_in_its_order(campaign: Campaign) -> None:
    openids = [f"o{number:027d}" for number in (3, 1, 2)]
    audience.replace_list(campaign, openids)

    copy = services.duplicate(campaign, name="副本", by=None)

    assert list(copy.listed_openids.order_by("pk").values_list("openid", flat=True)) == openids
    assert campaign.listed_openids.count() == 3


def test_it_has_no_past(campaign: Campaign) -> None:
    past = {"status": Status.FAILED, "scheduled_at": timezone.now(), "finished_at": timezone.now()}
    Campaign.objects.update(**past, **failures.columns(OperatorError("failed")))
    campaign.refresh_from_db()

    copy = services.duplicate(campaign, name="副本", by=None)

    copy.refresh_from_db()
    assert (copy.status, copy.scheduled_at, copy.finished_at, copy.error_code) == (Status.DRAFT, None, None, "")


def test_a_long_name_is_cut(campaign: Campaign) -> None:
    assert len(services.duplicate(campaign, name="长" * 300, by=None).name) == 100
