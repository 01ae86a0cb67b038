"""Mass jobs: accepted now, delivered a moment later, reported by a push.

https://developers.weixin.qq.com/doc/service/guide/product/message/Batch_Sends.html
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from wxcore.simulator.bitmap import Bitmap, lowest, members
from wxcore.simulator.clock import day_of
from wxcore.simulator.errors import ControlError
from wxcore.simulator.messages import Content

if TYPE_CHECKING:
    from wxcore.simulator.accounts import Account

DAY = 24 * 3600
REMEMBERED = DAY
CONFIRMATION = 30 * 60  # what the administrator has, before silence is a no
DATA_IDS_BELOW = 1_500_000_000_000
SUCCESS = ("send success", "sendsuccess")
FAILED = ("send fail", "sendfail")


@dataclass
class Outcome:
    """What shall become of the next job. `reprint` is the account's option for this job alone."""

    status: str = "send success"
    error_count: int = 0
    error_share: float = 0.0
    omit: list[str] = field(default_factory=list)
    reprint: str | None = None
    appid: str | None = None

    def __post_init__(self) -> None:
        if self.reprint not in (None, "none", "allowed", "forbidden"):
            raise ControlError("reprint is none, allowed or forbidden")
        self.error_count, self.error_share = int(self.error_count), float(self.error_share)


@dataclass
class Job:
    """One accepted call of mass/sendall or mass/send.

    `state` is "confirming", "sending", "finished" or "deleted"; `status` is the word of the result push.
    """

    msg_id: int
    appid: str
    audience: dict[str, Any]
    content: Content
    clientmsgid: str | None
    digest: str
    created: float
    bits: int
    total: int
    foreign: int = 0
    origin: str = "http://mp.weixin.qq.com"
    reprint: str = "none"
    msg_data_id: int | None = None
    state: str = "sending"
    status: str | None = None
    filter: int | None = None
    sent: int | None = None
    error: int | None = None
    finished: float | None = None
    answered: bool = False
    dead: set[int] = field(default_factory=set)
    outcome: Outcome = field(default_factory=Outcome)
    delivered: Bitmap = field(default_factory=Bitmap)

    @property
    def msgtype(self) -> str:
        """The kind of its message."""
        return self.content.msgtype

    @property
    def succeeded(self) -> bool:
        """Whether it has reached people."""
        return self.status in SUCCESS

    @property
    def counts(self) -> bool:
        """Whether it uses up the account's quota: everything does that has not failed."""
        return self.status is None or self.succeeded

    @property
    def msg_status(self) -> str:
        """The word of `mass/get`."""
        if self.state == "deleted":
            return "DELETE"
        if self.status is None:
            return "SENDING"
        return "SEND_SUCCESS" if self.succeeded else "SEND_FAIL"

    def summary(self) -> dict[str, Any]:
        """This will be the job's line in the ledger of the control plane."""
        shown = ("msg_id", "appid", "audience", "msgtype", "clientmsgid", "msg_data_id", "state", "status", "created")
        counts = {"total": self.total, "filter": self.filter, "sent": self.sent, "error": self.error}
        deleted = sorted(self.dead - {0})
        return (
            {key: getattr(self, key) for key in shown}
            | counts
            | {"text": self.content.text, "titles": self.content.titles, "finished": self.finished, "deleted": deleted}
        )

    def delete(self, index: int) -> None:
        """This will end the page of an article, counted from 1, or of the whole message with 0."""
        self.dead.add(index)
        if index == 0 or len(self.dead) >= max(1, len(self.content.articles)):
            self.state = "deleted"

    def backdate(self, days: int) -> None:
        """This will move it into the past by whole days."""
        self.created -= days * DAY
        self.finished = None if self.finished is None else self.finished - days * DAY

    def finish(self, status: str, now: float, *, left: int = 0, delivered: int = 0, error: int = 0) -> None:
        """This will write down the result: `left` to send after filtering, the bits who got it, and the failures."""
        self.status = status
        self.state = "finished"
        self.finished = now
        self.filter = left
        self.delivered = Bitmap(delivered)
        self.sent = delivered.bit_count()
        self.error = error
        self.bits = 0


class Jobs:
    """The ledger of all jobs of all accounts, oldest first."""

    def __init__(self, ids: JobIds) -> None:
        self.ids = ids
        self._jobs: dict[int, Job] = {}
        self._lock = threading.Lock()
        self.outcomes: list[Outcome] = []

    def add(self, job: Job) -> None:
        """This will remember a job."""
        with self._lock:
            self._jobs[job.msg_id] = job

    def get(self, msg_id: int, appid: str | None = None) -> Job | None:
        """This will be the job, None when there is none or it is another account's."""
        job = self._jobs.get(msg_id)
        return job if job and appid in (None, job.appid) else None

    def of(self, appid: str | None = None) -> list[Job]:
        """This will be the jobs of one account, or of all."""
        with self._lock:
            return [job for job in self._jobs.values() if appid in (None, job.appid)]

    def same(self, appid: str, clientmsgid: str | None, digest: str, now: float) -> Job | None:
        """This will be the earlier job of the last 24 hours that a call repeats.

        With a clientmsgid that id alone decides; without one, audience and content do.
        """
        for job in reversed(self.of(appid)):
            if now - job.created >= REMEMBERED:
                continue
            if job.clientmsgid == clientmsgid if clientmsgid else job.digest == digest and not job.clientmsgid:
                return job
        return None

    def to_everybody(self, appid: str, month: tuple[int, int]) -> int:
        """This will be how many `is_to_all` jobs of that month use up quota."""
        return sum(
            job.counts and bool(job.audience.get("is_to_all")) and _month(job.created) == month
            for job in self.of(appid)
        )

    def today(self, appid: str, now: float) -> int:
        """This will be how many jobs of today use up quota."""
        return sum(job.counts and day_of(job.created) == day_of(now) for job in self.of(appid))

    def take_outcome(self, appid: str) -> Outcome:
        """This will be what somebody planned for this account's next job, used up; else success."""
        with self._lock:
            for outcome in self.outcomes:
                if outcome.appid in (None, appid):
                    self.outcomes.remove(outcome)
                    return outcome
        return Outcome()


class JobIds:
    """Ids that never repeat, also after a restart: never below the milliseconds of the wall clock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0
        self._last_data_id = 0

    def next(self) -> int:
        """This will be a new msg_id, above 2**31."""
        with self._lock:
            self._last = max(self._last + 1, time.time_ns() // 1_000_000)
            return self._last

    def next_data_id(self) -> int:
        """This will be a new msg_data_id or publish_id, never a msg_id."""
        with self._lock:
            self._last_data_id = max(self._last_data_id + 1, time.time_ns() // 1_000_000 - DATA_IDS_BELOW)
            return self._last_data_id


def deliver(job: Job, account: Account, *, now: float, month: tuple[int, int]) -> None:
    """This will send a job to everybody it may reach, and write down the numbers. The caller holds the account's lock.

    Filtered: who refuses messages, who is blacklisted, and at a service account who has had 4 this month. Strangers
    in a list, and who has left meanwhile, are left to send and then fail.
    """
    people = account.followers
    job.reprint = job.outcome.reprint or account.options.reprint
    status = _originality(job) or job.outcome.status
    if status not in SUCCESS + FAILED:
        job.finish(status, now)
        return
    present = job.bits & int(people.following)
    gone = job.bits.bit_count() - present.bit_count() + job.foreign
    left = present & ~int(people.refusing) & ~int(people.blacklist)
    if account.options.kind == "service":
        left &= ~people.received.exhausted(month)
    reachable = left.bit_count()
    if status in FAILED:
        job.finish(status, now, left=reachable + gone, error=reachable + gone)
        return
    failing = lowest(left, max(job.outcome.error_count, round(reachable * job.outcome.error_share)))
    delivered = left & ~failing
    people.received.add(delivered, month)
    job.finish(status, now, left=reachable + gone, delivered=delivered, error=gone + failing.bit_count())
    account.drafts.leave(job.content.draft)  # a draft leaves the box once it is sent


def _originality(job: Job) -> str | None:
    if not job.content.articles or job.outcome.status not in SUCCESS:
        return None
    if job.reprint == "forbidden":
        return "err(30002)"
    return "err(30003)" if job.reprint == "allowed" and not job.content.send_ignore_reprint else None


def recipients(job: Job, *, offset: int, limit: int) -> list[int]:
    """This will be the numbers of those who got a job."""
    return members(int(job.delivered), limit=offset + limit)[offset:]


def _month(timestamp: float) -> tuple[int, int]:
    day = day_of(timestamp)
    return day.year, day.month
