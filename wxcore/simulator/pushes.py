"""Pushes to the account's callback URL (消息推送): signed, encrypted, delivered up to three times.

https://developers.weixin.qq.com/doc/service/guide/dev/push/
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import requests

from wxcore.simulator.accounts import Account
from wxcore.simulator.clock import Clock
from wxcore.simulator.envelopes import Envelope, random_number, seal, with_query, written
from wxcore.simulator.errors import ControlError
from wxcore.simulator.replies import ReplyError, read_reply
from wxcore.simulator.scheduler import Scheduler
from wxcore.wechat import crypto

logger = logging.getLogger(__name__)

DELIVERIES = 3
WORKERS = 16
REMEMBERED = 2000
BODY_SHOWN = 500
COMPLAINT = "该公众号提供的服务出现故障，请稍后再试"
AWAITED = ("subscribe", "scan", "click", "scancode_waitmsg")  # of the events; every message is
PLANS = ("lose", "delay", "times", "reorder", "bad_signature", "wrong_appid")


@dataclass
class Plan:
    """What shall happen to the next pushes: `count` of them, of one account or event or of all."""

    verb: str
    value: float
    count: int
    appid: str | None = None
    event: str | None = None


@dataclass
class Push:
    """One push: the request is made once, and repeated byte by byte."""

    id: int
    account: Account
    number: int | None
    event: str
    openid: str
    created: float
    message: dict[str, Any]
    envelope: Envelope
    state: str = "pending"
    deliveries: int = 1
    attempts: list[dict[str, Any]] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        """This will be the line of the delivery log; the last attempt's outcome stands for the whole."""
        last = self.attempts[-1] if self.attempts else {}
        shown = ("id", "event", "openid", "created", "state", "attempts")
        return (
            {"appid": self.account.appid}
            | {key: getattr(self, key) for key in shown}
            | {
                "url": self.envelope.url,
                "status": last.get("status"),
                "error": last.get("error"),
                "body": written(self.message, self.account.options.format),
            }
        )


class Pushes:
    """Makes, plans, delivers and remembers pushes. `settings` are read at each delivery."""

    def __init__(self, scheduler: Scheduler, settings: dict[str, float], clock: Clock, origin: str) -> None:
        self._scheduler = scheduler
        self._settings = settings
        self._clock = clock
        self._origin = origin
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="simulator-push")
        self._local = threading.local()
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._log: deque[Push] = deque(maxlen=REMEMBERED)
        self._plans: list[Plan] = []
        self._held: list[Push] = []

    def plan(self, given: dict[str, Any]) -> None:
        """This will plan something for the next pushes. Raises ControlError."""
        verbs = [verb for verb in PLANS if verb in given]
        unknown = set(given) - {*PLANS, "appid", "event", "count"}
        if len(verbs) != 1 or unknown:
            raise ControlError(f"say one of {', '.join(PLANS)}, and optionally appid, event, count")
        verb, value = verbs[0], float(given[verbs[0]])
        count = int(given.get("count", 1)) if verb in ("delay", "times") else int(value)
        with self._lock:
            self._plans.append(Plan(verb, value, count, given.get("appid"), given.get("event")))

    def send(self, account: Account, message: dict[str, Any], *, number: int | None = None) -> None:
        """This will push `message` to the account, in the account's mode; without a callback URL nothing happens."""
        if not account.options.callback_url:
            return
        event = str(message.get("Event") or message.get("MsgType", ""))
        openid = str(message.get("FromUserName", ""))
        with self._lock:
            plan = self._take_plan(account.appid, event)
            envelope = seal(message, account, openid=openid, plan=plan.verb if plan else "")
            push = Push(next(self._numbers), account, number, event, openid, self._clock.now(), message, envelope)
            self._log.append(push)
            if plan and plan.verb == "reorder":
                self._held.append(push)
                if plan.count:
                    return
                ready, self._held = self._held[::-1], []
            else:
                ready = [push]
        if plan and plan.verb == "lose":
            push.state = "lost"
            return
        push.deliveries = int(plan.value) if plan and plan.verb == "times" else 1
        self._start(ready, plan.value if plan and plan.verb == "delay" else 0.0)

    def verify(self, account: Account) -> dict[str, Any]:
        """This will ask the callback URL to echo a number, as WeChat's console does before it accepts one.

        The answer is {"ok", "status", "body", "error"}; `error` says what WeChat's console would not.
        """
        options = account.options
        timestamp, nonce, echostr = str(int(time.time())), str(random_number(4)), str(random_number(7))
        signature = crypto.signature(options.token, timestamp, nonce)
        query = {"signature": signature, "timestamp": timestamp, "nonce": nonce, "echostr": echostr}
        found: dict[str, Any] = {"ok": False, "status": None, "body": "", "error": None}
        try:
            url, deadline = with_query(options.callback_url, query), self._settings["push_timeout"]
            answer = self._session().get(url, timeout=deadline, allow_redirects=False)
        except requests.RequestException as error:
            return found | {"error": type(error).__name__}
        found |= {"status": answer.status_code, "body": answer.content.decode("utf-8", "replace")[:BODY_SHOWN]}
        if answer.status_code != 200:
            return found | {"error": f"HTTP {answer.status_code}"}
        if answer.content != echostr.encode():
            return found | {"error": "the body is not the bare echostr"}
        return found | {"ok": True}

    def all(self) -> list[dict[str, Any]]:
        """This will be the delivery log, oldest first."""
        with self._lock:
            return [push.summary() for push in self._log]

    def close(self) -> None:
        """This will start no further delivery."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _take_plan(self, appid: str, event: str) -> Plan | None:
        for plan in self._plans:
            if plan.appid in (None, appid) and (plan.event is None or plan.event.lower() == event.lower()):
                plan.count -= 1
                if plan.count <= 0:
                    self._plans.remove(plan)
                return plan
        return None

    def _start(self, pushes: list[Push], delay: float) -> None:
        def in_order() -> None:
            for push in pushes:
                self._attempt(push)

        self._later(delay, in_order)

    def _later(self, delay: float, action: Callable[[], object]) -> None:
        def run() -> None:
            try:
                action()
            except Exception:
                logger.exception("a push of the simulator failed")

        def submit() -> None:
            try:
                self._pool.submit(run)
            except RuntimeError:
                return  # the world was closed meanwhile

        self._scheduler.after(delay, submit)

    def _attempt(self, push: Push) -> None:
        started = time.monotonic()
        attempt = self._deliver(push)
        attempt["seconds"] = round(time.monotonic() - started, 3)
        push.attempts.append(attempt)
        acknowledged = attempt["error"] is None
        push.deliveries -= acknowledged
        if acknowledged and push.deliveries <= 0:
            push.state = "delivered"
        elif not acknowledged and sum(a["error"] is not None for a in push.attempts) >= DELIVERIES:
            push.state = "failed"
            self._complain(push)
        else:
            pause = 0.0 if acknowledged else max(0.0, self._settings["push_interval"] - attempt["seconds"])
            self._later(pause, lambda: self._attempt(push))

    def _deliver(self, push: Push) -> dict[str, Any]:
        attempt: dict[str, Any] = {"at": time.time(), "status": None, "body": "", "error": None}
        deadline = self._settings["push_timeout"]
        envelope = push.envelope
        headers = {"Content-Type": envelope.content_type, "User-Agent": "Mozilla/4.0"}
        try:
            answer = self._session().post(
                envelope.url, data=envelope.body.encode(), headers=headers, timeout=deadline, allow_redirects=False
            )
        except requests.RequestException as error:
            return attempt | {"error": type(error).__name__}
        shown = answer.content[:BODY_SHOWN].decode("utf-8", "replace")
        attempt |= {"status": answer.status_code, "body": shown}
        if answer.elapsed.total_seconds() > deadline:
            return attempt | {"error": "no answer in time"}
        if answer.status_code != 200:
            return attempt | {"error": f"HTTP {answer.status_code}"}
        return attempt | {"error": self._receive(push, answer.content)}

    def _receive(self, push: Push, body: bytes) -> str | None:
        account, now = push.account, self._clock.now()
        with account.lock:
            try:
                bubble = read_reply(body, push.message, account, now=now, origin=self._origin)
            except ReplyError as error:
                return str(error)
            if bubble and push.number is not None and not any(attempt["error"] is None for attempt in push.attempts):
                account.note(push.number, kind="reply", time=now, **bubble)
        return None

    def _complain(self, push: Push) -> None:
        if push.number is None or not _is_awaited(push.message):
            return
        with push.account.lock:
            why = push.attempts[-1]["error"]
            push.account.note(push.number, kind="system", text=COMPLAINT, why=why, time=self._clock.now())

    def _session(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
            self._local.session.trust_env = False  # a proxy of the environment must not see pushes to this machine
        session: requests.Session = self._local.session
        return session


def _is_awaited(message: dict[str, Any]) -> bool:
    """Whether a person sits before the phone and waits for what comes of it."""
    return message.get("MsgType") != "event" or str(message.get("Event", "")).lower() in AWAITED
