"""POST /api/v1/syncs/ and /stop/; copies and uses of segments."""

from __future__ import annotations

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from campaigns.models import Campaign
from campaigns.states import Status
from followers.models import Segment, Sync
from tests.people import member
from wxcore.models import OfficialAccount

SYNCS, SEGMENTS = "/api/v1/syncs/", "/api/v1/segments/"


def log_in(account: OfficialAccount, role: str) -> APIClient:
    client = APIClient()
    client.force_login(member(account, role))
    return client


def test_a_sync_is_started_once_and_stopped_once(account: OfficialAccount) -> None:
    operator = log_in(account, "operator")
    answer = operator.post(SYNCS, {"account": account.pk}, format="json")
    assert (answer.status_code, answer.json()["status"]) == (201, "pending")
    again = operator.post(SYNCS, {"account": account.pk}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "sync_already_open")
    stop = f"{SYNCS}{answer.json()['id']}/stop/"
    assert operator.post(stop).json()["status"] == "cancelled"
    late = operator.post(stop)
    assert (late.status_code, late.json()["code"]) == (409, "sync_not_open")


def test_who_may_not_sync(account: OfficialAccount, other_account: OfficialAccount) -> None:
    row = Sync.objects.create(account=account, due_at=timezone.now())
    analyst, stranger = log_in(account, "analyst"), log_in(other_account, "administrator")
    assert analyst.post(SYNCS, {"account": account.pk}, format="json").status_code == 403
    assert analyst.post(f"{SYNCS}{row.pk}/stop/").status_code == 403
    refused = stranger.post(SYNCS, {"account": account.pk}, format="json")
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["account"])
    assert stranger.post(f"{SYNCS}{row.pk}/stop/").status_code == 404
    account.is_active = False
    account.save()
    assert log_in(account, "operator").post(SYNCS, {"account": account.pk}, format="json").status_code == 400


@pytest.fixture
def segment(account: OfficialAccount) -> Segment:
    return Segment.objects.create(account=account, name="人", conditions={"groups": [[{"kind": "quota"}]]})


def test_a_segment_is_copied(account: OfficialAccount, segment: Segment, other_account: OfficialAccount) -> None:
    answer = log_in(account, "editor").post(f"{SEGMENTS}{segment.pk}/copy/")
    assert (answer.status_code, answer.json()["conditions"]) == (201, segment.conditions)
    assert answer.json()["name"] != segment.name
    assert log_in(account, "analyst").post(f"{SEGMENTS}{segment.pk}/copy/").status_code == 403
    assert log_in(other_account, "editor").post(f"{SEGMENTS}{segment.pk}/copy/").status_code == 404


def test_what_uses_a_segment(account: OfficialAccount, segment: Segment) -> None:
    given = {"account": account, "audience": "segment", "segment": segment}
    Campaign.objects.create(name="计划", status=Status.SCHEDULED, scheduled_at=timezone.now(), **given)
    (use,) = log_in(account, "analyst").get(f"{SEGMENTS}{segment.pk}/uses/").json()
    assert (use["name"], use["breaks"]) == ("计划", True)
