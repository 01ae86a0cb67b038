"""Runs the tick over many campaigns that have ended long ago: `python -m bench.jobs.tick CAMPAIGNS`.

A line on stdin is a number of ticks; the answer is the milliseconds of each. Nothing is due, as in most seconds.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import time

import django

django.setup()

from django.utils import timezone  # noqa: E402 - after setup

from bench.jobs.account import create  # noqa: E402
from campaigns import tasks  # noqa: E402
from campaigns.models import Broadcast, Campaign, SendResult  # noqa: E402
from campaigns.states import BroadcastStatus, Status  # noqa: E402

FIGURES = {"total_count": 100, "filter_count": 90, "sent_count": 90, "error_count": 0}


def fill(count: int) -> None:
    """This will store campaigns that were sent, one broadcast and one result each."""
    account, then = create("http://127.0.0.1:9"), timezone.now() - dt.timedelta(days=40)
    campaigns = Campaign.objects.bulk_create(
        Campaign(
            account_id=account,
            name=f"{number}",
            text="群发",
            status=Status.FINISHED,
            scheduled_at=then,
            started_at=then,
            finished_at=then,
        )
        for number in range(count)
    )
    broadcasts = Broadcast.objects.bulk_create(
        Broadcast(
            account_id=account,
            campaign=campaign,
            position=1,
            status=BroadcastStatus.FINISHED,
            msg_id=number,
            submitted_at=then,
            finished_at=then,
            **FIGURES,
        )
        for number, campaign in enumerate(campaigns, start=1)
    )
    SendResult.objects.bulk_create(
        SendResult(
            account_id=account,
            msg_id=broadcast.msg_id,
            broadcast=broadcast,
            succeeded=True,
            received_at=then,
            **FIGURES,
        )
        for broadcast in broadcasts
    )


def main() -> None:
    fill(int(sys.argv[1]))
    for line in sys.stdin:
        taken = []
        for _ in range(json.loads(line)):
            started = time.perf_counter()
            tasks.tick()
            taken.append(1000 * (time.perf_counter() - started))
        print(json.dumps(taken), flush=True)


if __name__ == "__main__":
    main()
