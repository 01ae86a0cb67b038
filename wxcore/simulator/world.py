"""The world: everything that the simulator remembers, and what happens in it by itself."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter, deque
from collections.abc import Sequence
from typing import Any

from wxcore.simulator import growth
from wxcore.simulator import jobs as rules
from wxcore.simulator.accounts import Account
from wxcore.simulator.articles import Article
from wxcore.simulator.bitmap import Bitmap, full, share
from wxcore.simulator.clock import Clock
from wxcore.simulator.comments import Thread
from wxcore.simulator.contacts import Contacts
from wxcore.simulator.errors import ControlError, WeChatError
from wxcore.simulator.faults import Faults
from wxcore.simulator.files import Files
from wxcore.simulator.followers import Followers
from wxcore.simulator.jobs import Job, JobIds, Jobs
from wxcore.simulator.publications import CAME_OUT, DELETED, UNDER_WAY, Publication, Publications
from wxcore.simulator.pushes import Pushes
from wxcore.simulator.reports import mass_report, publish_report
from wxcore.simulator.scheduler import Scheduler
from wxcore.simulator.tags import Tags
from wxcore.simulator.tokens import check, unknown

DEFAULTS = {
    "job_delay": 1.5,  # simulated seconds between the answer of a mass call and its delivery
    "retry_window": 0.0,  # simulated seconds in which a repeated clientmsgid answers 45066, beyond the call itself
    "push_interval": 5.0,
    "push_timeout": 5.0,
}
RECENT_CALLS = 500
RECENT_RIDS = 2000


class World:
    """All accounts and their surroundings. Threads may use it freely: each account has its lock.

    `origin` is the address of this simulator, without a slash at the end, for pushes that carry addresses.
    """

    def __init__(self, ids: JobIds, origin: str) -> None:
        self.origin = origin
        self.clock = Clock()
        self.settings = dict(DEFAULTS)
        self.scheduler = Scheduler(self.clock)
        self.pushes = Pushes(self.scheduler, self.settings, self.clock, origin)
        self.jobs = Jobs(ids)
        self.publications = Publications()
        self.files = Files()
        self.faults = Faults()
        self.calls: Counter[str] = Counter()
        self.recent_calls: deque[dict[str, Any]] = deque(maxlen=RECENT_CALLS)
        self.rids: dict[str, dict[str, Any]] = {}
        self._accounts: dict[str, Account] = {}
        self._lock = threading.Lock()
        self._rid_order: deque[str] = deque()

    def close(self) -> None:
        """This will stop everything that happens by itself."""
        self.scheduler.close()
        self.pushes.close()

    # Accounts

    def configure(self, options: dict[str, Any]) -> Account:
        """This will create or change an account; its followers stay. Raises ControlError."""
        given = dict(options)
        appid = given.pop("appid", None)
        if not isinstance(appid, str) or not appid:
            raise ControlError("appid is missing")
        with self._lock:
            account = self._accounts.get(appid) or Account(appid)
            with account.lock:
                account.configure(given)
            self._accounts[appid] = account
        return account

    def accounts(self) -> list[Account]:
        """This will be every account."""
        return list(self._accounts.values())

    def find(self, appid: str) -> Account | None:
        """This will be the account with this appid, if there is one."""
        return self._accounts.get(appid)

    def name(self, appid: str) -> str:
        """This will be what followers see as the account's name."""
        account = self._accounts.get(appid)
        return (account.options.name or account.options.original_id) if account else ""

    def authenticate(self, access_token: str) -> Account:
        """This will be the account that a token opens. Raises 41001, 40014, 40001 or 42001."""
        if not access_token:
            raise WeChatError(41001)
        now = self.clock.now()
        for account in self.accounts():
            with account.lock:
                if check(access_token, list(account.families.values()), now):
                    return account
        raise unknown(access_token)

    def owner(self, openid: str) -> tuple[Account, int] | None:
        """This will be the account that an openid belongs to, and the follower's number."""
        for account in self.accounts():
            number = account.followers.find([openid])[0]
            if number is not None:
                return account, number
        return None

    # Followers

    def seed(
        self,
        account: Account,
        count: int,
        tags: list[dict[str, Any]],
        *,
        refusing_share: float,
        left_share: float,
        told_share: float,
        recent_share: float = 0,
        recent_days: int = 35,
    ) -> None:
        """This will replace the followers and tags of an account by `count` new ones, the same ones each time.

        Of `told_share` of them sex and place are told, as WeChat did until 2021; `recent_share` of them came within
        `recent_days`.
        """
        appid = account.appid
        left = share(count, left_share, f"left {appid}")
        with account.lock:
            account.followers = Followers(
                appid,
                count=count,
                left=left,
                refusing=share(count, refusing_share, f"refusing {appid}"),
                told=share(count, told_share, f"told {appid}"),
            )
            came = growth.recent(count, recent_share, recent_days, now=self.clock.now(), seed=f"recent {appid}")
            account.followers.followed_at.update(came)
            account.followers.growth = growth.seeded(came, f"growth {appid}")
            account.tags = Tags()
            account.chats.clear()
            account.contacts = Contacts()
            for tag in tags:
                created = account.tags.create(tag["name"])
                bits = share(count, float(tag.get("share", 0)), f"tag {tag['name']} {appid}")
                created.members = Bitmap(bits & full(count) & ~left)

    def push(self, account: Account, message: dict[str, Any], *, number: int | None = None) -> None:
        """This will push something to the account; `number` is the follower who did it. The caller holds the lock.

        What they did opens the windows that it opens, whether or not anybody hears of it.
        """
        if number is not None and number in account.followers.following:
            account.contacts.note(number, message, self.clock.now())
        self.pushes.send(account, message, number=number)

    def message(self, account: Account, openid: str, kind: str) -> dict[str, Any]:
        """This will be what every push begins with; `kind` is its MsgType."""
        return {
            "ToUserName": account.options.original_id,
            "FromUserName": openid,
            "CreateTime": int(self.clock.now()),
            "MsgType": kind,
        }

    def admin(self, account: Account) -> str:
        """This will be whom the account's own events come from: documented as mphelper, really an openid."""
        return account.followers.openids.encode([0])[0]

    def new_message_id(self) -> int:
        """This will be the MsgId of a follower's message, 64 bits."""
        return (self.jobs.ids.next() << 20) | int.from_bytes(os.urandom(2), "big")

    # Jobs

    def start(self, job: Job, account: Account) -> None:
        """This will remember a job that was accepted, and deliver it after the delay."""
        job.outcome = self.jobs.take_outcome(job.appid)
        self.jobs.add(job)
        if job.state == "confirming":
            self.scheduler.after(rules.CONFIRMATION, lambda: self._refuse(job, account, "err(40002)"))
        else:
            self.scheduler.after(self.settings["job_delay"], lambda: self._finish(job, account))

    def confirm(self, job: Job, *, agree: bool) -> None:
        """This will be the administrator's answer to a job that waits for it. Raises ControlError."""
        account = self._accounts[job.appid]
        if job.state != "confirming":
            raise ControlError("this job does not wait for the administrator", 409)
        if not agree:
            self._refuse(job, account, "err(40001)")
            return
        with account.lock:
            job.state = "sending"
        self.scheduler.after(self.settings["job_delay"], lambda: self._finish(job, account))

    def _refuse(self, job: Job, account: Account, status: str) -> None:
        with account.lock:
            if job.state != "confirming":
                return
            job.finish(status, self.clock.now())
        self._report(job, account)

    def _finish(self, job: Job, account: Account) -> None:
        with account.lock:
            if job.state != "sending":
                return
            rules.deliver(job, account, now=self.clock.now(), month=self.clock.month())
        self._report(job, account)

    def _report(self, job: Job, account: Account) -> None:
        self.pushes.send(account, self._event(account) | mass_report(job))

    # Publications and comments

    def publish(self, publication: Publication, account: Account) -> None:
        """This will remember a publication that was accepted, and finish it after the delay."""
        self.publications.add(publication)
        self.scheduler.after(self.settings["job_delay"], lambda: self._come_out(publication, account))

    def _come_out(self, publication: Publication, account: Account) -> None:
        status = publication.outcome.publish_status
        if status == UNDER_WAY:
            return
        with account.lock:
            publication.finished, publication.status = self.clock.now(), status
            if status in CAME_OUT:
                account.drafts.leave(publication.media_id)
            if status == DELETED:
                publication.delete(0)
        self.pushes.send(account, self._event(account) | publish_report(publication))

    def thread(self, account: Account, msg_data_id: int, index: int) -> Thread | None:
        """This will be the comments under an article, counted from 0, that was sent or published."""
        articles = self._articles(account.appid, msg_data_id)
        if not 0 <= index < len(articles):
            return None
        return account.threads.setdefault((msg_data_id, index), Thread(bool(articles[index].need_open_comment)))

    def _articles(self, appid: str, msg_data_id: int) -> Sequence[Article]:
        for job in self.jobs.of(appid):
            if job.msg_data_id == msg_data_id:
                return job.content.articles
        for publication in self.publications.of(appid):
            if publication.msg_data_id == msg_data_id:
                return publication.articles
        return ()

    def _event(self, account: Account) -> dict[str, Any]:
        return self.message(account, self.admin(account), "event")

    # Traces

    def new_rid(self) -> str:
        """This will be a new request id, three hex groups."""
        noise = os.urandom(8).hex()
        return f"{int(time.time()):08x}-{noise[:8]}-{noise[8:]}"

    def count_call(self, entry: dict[str, Any]) -> None:
        """This will remember that a call was made."""
        with self._lock:
            self.calls[entry["path"]] += 1
            self.recent_calls.append(entry)

    def keep_rid(self, rid: str, request: dict[str, Any]) -> None:
        """This will remember a refused call, so that it can be looked up by its rid."""
        with self._lock:
            self.rids[rid] = request
            self._rid_order.append(rid)
            if len(self._rid_order) > RECENT_RIDS:
                self.rids.pop(self._rid_order.popleft(), None)
