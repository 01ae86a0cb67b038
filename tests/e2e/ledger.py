"""What every fault must leave behind: each intended follower once, nobody else, and figures that agree."""

from __future__ import annotations

from collections import Counter
from typing import Any

from callbacks.models import Callback
from callbacks.states import OPEN
from campaigns.models import Broadcast, Campaign, Recipient
from campaigns.states import Status
from tests.simulator_control import Control, wait_for

ENDED = (Status.FINISHED, Status.FAILED)
FIGURES = ("total", "filter", "sent", "error")
PAGE = 1000


def has_ended(campaign: Campaign) -> bool:
    """This will say whether nothing more happens to the campaign."""
    campaign.refresh_from_db(fields=["status"])
    return campaign.status in ENDED and not Callback.objects.filter(account=campaign.account_id, status__in=OPEN)


def assert_everybody_once(
    control: Control, campaign: Campaign, openids: list[str], *, seconds: float = 60, fault: object = ""
) -> None:
    """This will wait until the campaign has ended, and hold WeChat's ledger against ours.

    The campaign is the only one of its account. `fault` is for the reader of a failure.
    """
    try:
        wait_for(lambda: has_ended(campaign), seconds, pause=0.1)
    except AssertionError:
        raise AssertionError(f"{fault} {campaign.status}: {_state(campaign)}") from None
    jobs = {job["msg_id"]: job for job in control.jobs(campaign.account.appid)}
    assert Counter(reached(control, list(jobs))) == Counter(openids), "not everybody once, and nobody else"
    assert campaign.status == Status.FINISHED
    frozen = Recipient.objects.filter(broadcast__campaign=campaign).values_list("follower__openid", flat=True)
    assert sorted(frozen) == sorted(openids)
    for broadcast in campaign.broadcasts.all():
        assert _figures(broadcast) == [jobs[broadcast.msg_id][name] for name in FIGURES]
        assert jobs[broadcast.msg_id]["clientmsgid"] == broadcast.clientmsgid
        jobs.pop(broadcast.msg_id)
    assert jobs == {}, "jobs that are none of ours"


def reached(control: Control, msg_ids: list[int]) -> list[str]:
    """This will be the openids to whom the jobs were delivered, one for each delivery."""
    found: list[str] = []
    for msg_id in msg_ids:
        offset = 0
        while page := control.recipients(msg_id, offset=offset, limit=PAGE):
            found += page
            offset += len(page)
    return found


def _figures(broadcast: Broadcast) -> list[Any]:
    return [getattr(broadcast, f"{name}_count") for name in FIGURES]


def _state(campaign: Campaign) -> list[dict[str, Any]]:
    told = ("status", "attempts", "uncertain", "due_at", "error_code", "msg_id", "result_status")
    callbacks = Callback.objects.filter(account=campaign.account_id)
    return [*campaign.broadcasts.values(*told), *callbacks.values("event", "status", "due_at", "error_code")]
