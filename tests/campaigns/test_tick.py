"""The tick goes on, whatever is wrong with one of the rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from campaigns import tasks
from campaigns.models import Audience, Broadcast, Campaign
from campaigns.states import BroadcastStatus, Status
from tests.campaigns.conftest import start
from tests.simulator_control import Control

pytestmark = pytest.mark.django_db


def test_a_broken_broadcast_does_not_hold_up_the_one_behind_it(started: Broadcast, control: Control) -> None:
    behind = Campaign.objects.create(account=started.account, name="后面", text="你好", audience=Audience.ALL)
    start(behind)
    Campaign.objects.exclude(pk=behind.pk).update(audience=Audience.TAG)  # to no tag: a fault that nobody expects

    tasks.tick()

    assert behind.broadcasts.get().status == BroadcastStatus.SUBMITTED
    assert [job["text"] for job in control.jobs()] == [behind.text]


def test_a_campaign_ends_although_two_workers_did_not_see_each_other_end_it(started: Broadcast) -> None:
    Broadcast.objects.update(status=BroadcastStatus.FINISHED, due_at=None)

    tasks.tick()

    assert Campaign.objects.get().status == Status.FINISHED


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's query plan")
def test_no_query_reads_through_what_has_ended() -> None:
    """Once a second: each must find what is due by an index that holds nothing else.

    With its parameters apart, as it is executed: SQLite judges by them whether a partial index may be used.
    """
    queries: list[tuple[str, Any]] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        queries.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        tasks.tick()

    selects = [(sql, params) for sql, params in queries if sql.startswith("SELECT")]
    with connection.cursor() as cursor:
        plans = [cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params).fetchall() for sql, params in selects]
    assert len(plans) > 5
    assert [step for plan in plans for *_, step in plan if step.startswith("SCAN")] == []
