"""The funnel says how many were lost at each step, and makes no number up."""

from __future__ import annotations

from typing import Any

import pytest

from campaigns import results
from campaigns.models import Campaign
from campaigns.results import Step, Why
from campaigns.services import ResultRejected
from tests.campaigns.results.conftest import MakeBroadcast
from wxcore import failures
from wxcore.wechat.messages import status_meaning

pytestmark = pytest.mark.django_db

WHOLE = {"total_count": 100, "filter_count": 90, "sent_count": 88, "error_count": 2}


def funnel(campaign: Campaign) -> results.Funnel:
    return results.funnel(campaign.broadcasts.all())


def numbers(campaign: Campaign) -> list[int | None]:
    return [stage.number for stage in funnel(campaign).stages]


def lost(campaign: Campaign) -> dict[tuple[str, str], int]:
    return {(stage.step, loss.why): loss.number for stage in funnel(campaign).stages for loss in stage.lost}


def test_every_step_and_every_loss_has_its_number(campaign: Campaign, add: MakeBroadcast) -> None:
    add("finished", 100, **WHOLE | {"exhausted_count": 7})

    assert numbers(campaign) == [100, 100, 90, 88]
    assert lost(campaign) == {("accepted", "exhausted"): 7, ("accepted", "filtered"): 3, ("reached", "failed"): 2}
    assert not funnel(campaign).is_open


def test_a_campaign_that_has_not_started_has_nobody(campaign: Campaign) -> None:
    assert numbers(campaign) == [0, 0, None, None]
    assert lost(campaign) == {}


@pytest.mark.parametrize(
    ("status", "columns", "expected"),
    [
        ("pending", {}, ("recipients", "waiting")),
        ("submitting", {}, ("recipients", "waiting")),
        ("unknown", {}, ("recipients", "unknown")),
        ("cancelled", {}, ("recipients", "cancelled")),
        ("failed", {}, ("recipients", "not_accepted")),
        ("submitted", {}, ("accepted", "running")),
        ("unknown", {"msg_id": 5}, ("accepted", "running")),
        ("failed", {"msg_id": 5}, ("accepted", "rejected")),
        ("finished", {}, ("accepted", "silent")),
    ],
)
def test_nobody_is_lost_without_a_word(
    campaign: Campaign, add: MakeBroadcast, status: str, columns: dict[str, Any], expected: tuple[str, str]
) -> None:
    add(status, 40, **columns)

    assert lost(campaign) == {expected: 40}
    assert funnel(campaign).is_open == (expected[1] in results.OPEN)


def test_what_is_not_reported_is_not_0(campaign: Campaign, add: MakeBroadcast) -> None:
    add("finished", 100, total_count=100, sent_count=80)

    assert numbers(campaign) == [100, 100, None, 80]
    assert lost(campaign) == {("accepted", "silent"): 100}


def test_sums_are_over_what_is_known_and_say_what_is_missing(campaign: Campaign, add: MakeBroadcast) -> None:
    add("finished", 100, **WHOLE)
    add("finished", 50)
    add("submitted", 30)

    reached = funnel(campaign).stages[2]

    assert numbers(campaign) == [180, 180, 90, 88]
    assert (reached.step, reached.silent) == (Step.REACHED, 50)
    assert lost(campaign)["accepted", "running"] == 30
    assert lost(campaign)["accepted", "filtered"] == 10


def test_the_zeros_of_a_rejected_broadcast_are_no_filter(campaign: Campaign, add: MakeBroadcast) -> None:
    reason = failures.columns(ResultRejected(status=status_meaning(10001)))
    add("failed", 100, msg_id=5, total_count=100, filter_count=0, sent_count=0, result_status="err(10001)", **reason)
    add("finished", 100, **WHOLE)

    rejected = next(loss for loss in funnel(campaign).stages[1].lost if loss.why is Why.REJECTED)

    assert (rejected.number, rejected.broadcasts) == (100, 1)
    assert "涉嫌广告" in rejected.reason
    assert numbers(campaign) == [200, 200, 90, 88]


@pytest.mark.parametrize(("status", "columns"), [("failed", {"msg_id": 5}), ("failed", {}), ("cancelled", {})])
def test_of_what_never_went_out_nobody_got_anything(
    campaign: Campaign, add: MakeBroadcast, status: str, columns: dict[str, Any]
) -> None:
    add(status, 40, **columns)

    assert numbers(campaign)[2:] == [0, 0]


def test_broadcasts_that_failed_for_the_same_reason_are_one_loss(campaign: Campaign, add: MakeBroadcast) -> None:
    for code, texts in (("a", "甲"), ("a", "甲"), ("b", "乙")):
        add("failed", 10, error_code=code, error_texts={"zh-hans": {"message": texts, "fix": ""}})

    losses = funnel(campaign).stages[0].lost

    assert [(loss.number, loss.broadcasts, loss.reason) for loss in losses] == [(20, 2, "甲"), (10, 1, "乙")]


def test_our_records_never_explain_more_than_is_missing(campaign: Campaign, add: MakeBroadcast) -> None:
    add("finished", 100, **WHOLE | {"exhausted_count": 60, "left_count": 60})

    assert lost(campaign) == {("accepted", "exhausted"): 10, ("reached", "left"): 2}


def test_whom_wechat_no_longer_counts_has_left(campaign: Campaign, add: MakeBroadcast) -> None:
    add("finished", 110, **WHOLE | {"left_count": 10})

    assert lost(campaign) == {("accepted", "left"): 10, ("accepted", "filtered"): 10, ("reached", "failed"): 2}


def test_who_joined_after_the_start_is_not_taken_for_somebody_else(campaign: Campaign, add: MakeBroadcast) -> None:
    add("finished", 80, **WHOLE)

    assert funnel(campaign).joined == 20
    assert numbers(campaign) == [80, 80, 90, 88]
    assert lost(campaign) == {("reached", "failed"): 2}


def test_what_wechat_itself_cannot_account_for_is_said(campaign: Campaign, add: MakeBroadcast) -> None:
    add("finished", 100, **WHOLE | {"sent_count": 85})

    assert lost(campaign)["reached", "unaccounted"] == 3


def test_reasons_that_are_still_being_counted_are_not_called_refusals(campaign: Campaign, add: MakeBroadcast) -> None:
    add("finished", 100, **WHOLE | {"exhausted_count": None})

    assert lost(campaign) == {("accepted", "counting"): 10, ("reached", "failed"): 2}


def test_it_takes_three_queries_for_any_number_of_broadcasts(
    campaign: Campaign, add: MakeBroadcast, django_assert_num_queries: Any
) -> None:
    for _ in range(30):
        add("finished", 100, **WHOLE)
        add("failed", 5)

    with django_assert_num_queries(3):
        funnel(campaign)
