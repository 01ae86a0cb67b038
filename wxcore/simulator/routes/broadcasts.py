"""Mass sending (群发).

https://developers.weixin.qq.com/doc/service/api/notify/message/
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from wxcore.simulator.bitmap import Bitmap
from wxcore.simulator.errors import WeChatError
from wxcore.simulator.jobs import Job
from wxcore.simulator.messages import Content
from wxcore.simulator.quota import MASS
from wxcore.simulator.routes.content import MASS as MESSAGE
from wxcore.simulator.routes.content import PREVIEW, read_content
from wxcore.simulator.routes.registry import OK, Call, integer, route

NUMBER = (int, str)
MAX_LIST = 10_000
MAX_CLIENTMSGID = 32
TO_ALL_A_MONTH = 4
NAMED_PREVIEWS_A_DAY = 100
SPEEDS = (80, 60, 45, 30, 10)  # ten thousand followers a minute
FILTER = {"is_to_all": bool, "tag_id": NUMBER, "group_id": NUMBER}


@dataclass
class Audience:
    """Whom a call means: followers as bits, how many were named, how many of those are strangers."""

    shown: dict[str, Any]
    bits: int
    total: int
    foreign: int = 0


@route("POST", f"{MASS}/sendall", {"filter": FILTER, **MESSAGE})
def send_to_all(call: Call) -> dict[str, Any]:
    """A job to everybody or to one tag."""
    fingerprint = refuse_repetition(call)
    content = read_content(call)
    audience = _filtered(call)
    if call.owner.is_test:
        raise WeChatError(45028)
    return _submit(call, audience, content, fingerprint)


@route("POST", f"{MASS}/send", {"touser": object, **MESSAGE}, right="may_send_by_openid")
def send_to_list(call: Call) -> dict[str, Any]:
    """A job to 2 to 10,000 openids."""
    fingerprint = refuse_repetition(call)
    content = read_content(call)
    return _submit(call, _listed(call), content, fingerprint)


@route("POST", f"{MASS}/preview", {"touser": str, "towxname": str, **PREVIEW})
def preview(call: Call) -> dict[str, Any]:
    """A message to one person, by openid or by WeChat id; uses up no quota."""
    content = read_content(call)
    openid = _named(call) if call.body.get("towxname") else call.openid("touser")
    number = call.owner.followers.number(openid)
    if number not in call.owner.followers.following:
        raise WeChatError(43004)
    msg_id = call.world.jobs.ids.next()
    call.owner.show_preview(content.articles)
    call.owner.note(number, kind="preview", msg_id=msg_id, time=call.now, **content.shown(call.origin, ""))
    return {"errcode": 0, "errmsg": "preview success", "msg_id": msg_id}


@route("POST", f"{MASS}/delete", {"msg_id": NUMBER, "article_idx": int, "url": str})
def delete(call: Call) -> dict[str, Any]:
    """The pages of an article or a video stop working; the cards stay in the chats."""
    job = _job(call, call.body.get("msg_id") or _named_by(call.body.get("url", "")))
    if job.msg_status != "SEND_SUCCESS" or job.msgtype not in ("mpnews", "mpvideo", "video"):
        raise WeChatError(40065)
    index = call.body.get("article_idx", 0)
    if not 0 <= index <= max(1, len(job.content.articles)):
        raise WeChatError(40060)
    job.delete(index)
    return OK


@route("POST", f"{MASS}/get", {"msg_id": NUMBER})
def get(call: Call) -> dict[str, Any]:
    """A job's state in one word, and no numbers."""
    job = _job(call, call.body.get("msg_id"))
    return {"msg_id": job.msg_id, "msg_status": job.msg_status}


@route("POST", f"{MASS}/speed/get", {}, optional_body=True)
def get_speed(call: Call) -> dict[str, Any]:
    """The speed class, and what it means in ten thousand a minute."""
    return {"speed": call.owner.speed, "realspeed": SPEEDS[call.owner.speed]}


@route("POST", f"{MASS}/speed/set", {"speed": int})
def set_speed(call: Call) -> dict[str, Any]:
    """Another speed class."""
    if "speed" not in call.body:
        raise WeChatError(45084)
    if not 0 <= call.body["speed"] < len(SPEEDS):
        raise WeChatError(45083)
    call.owner.speed = call.body["speed"]
    return OK


def refuse_repetition(call: Call) -> str:
    """This will be the fingerprint of a new call.

    Raises 45067, and for a job of the last 24 hours 45065 with its msg_id, or 45066 while that is being handled.
    It comes before a look at the content: a sent draft is gone, and its sender must still learn that it was sent.
    """
    clientmsgid = call.body.get("clientmsgid")
    if clientmsgid and len(clientmsgid.encode()) > MAX_CLIENTMSGID:
        raise WeChatError(45067)
    fingerprint = digest(call.body)
    job = call.world.jobs.same(call.owner.appid, clientmsgid, fingerprint, call.now)
    if job is None:
        return fingerprint
    if job.state == "confirming":
        raise WeChatError(89505)
    if not job.answered or call.now - job.created < call.world.settings["retry_window"]:
        raise WeChatError(45066)
    raise WeChatError(45065, msg_id=job.msg_id)


def digest(body: dict[str, Any]) -> str:
    """This will be a fingerprint of audience and content."""
    told = {key: value for key, value in body.items() if key not in ("clientmsgid", "send_ignore_reprint")}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _submit(call: Call, audience: Audience, content: Content, fingerprint: str) -> dict[str, Any]:
    _check_quota(call, audience)
    account, jobs = call.owner, call.world.jobs
    waits = account.options.mass_protection and bool(audience.shown.get("is_to_all"))
    job = Job(
        msg_id=jobs.ids.next(),
        appid=account.appid,
        audience=audience.shown,
        content=content,
        clientmsgid=call.body.get("clientmsgid") or None,
        digest=fingerprint,
        created=call.now,
        bits=audience.bits,
        total=audience.total,
        foreign=audience.foreign,
        origin=call.origin,
        msg_data_id=jobs.ids.next_data_id() if content.articles else None,
        state="confirming" if waits else "sending",
    )
    call.after.append(lambda: setattr(job, "answered", True))
    call.world.start(job, account)
    if waits:
        raise WeChatError(89504)
    data_id = {"msg_data_id": job.msg_data_id} if job.msg_data_id else {}
    return {"errcode": 0, "errmsg": "send job submission success", "msg_id": job.msg_id, **data_id}


def _check_quota(call: Call, audience: Audience) -> None:
    account, jobs = call.owner, call.world.jobs
    if account.options.kind == "subscription" and jobs.today(account.appid, call.now) >= 1:
        raise WeChatError(45028)
    to_all = audience.shown.get("is_to_all") and account.options.kind == "service"
    if to_all and jobs.to_everybody(account.appid, call.world.clock.month()) >= TO_ALL_A_MONTH:
        raise WeChatError(45028)


def _filtered(call: Call) -> Audience:
    chosen = call.body.get("filter", {})
    if chosen.get("is_to_all"):
        bits = int(call.owner.followers.following)
        return Audience({"is_to_all": True}, bits, bits.bit_count())
    tag_id = integer(chosen.get("tag_id", chosen.get("group_id")), 40152)
    bits = int(call.owner.tags.get(tag_id, unknown=40152).members)
    return Audience({"tag_id": tag_id}, bits, bits.bit_count())


def _listed(call: Call) -> Audience:
    openids = call.body.get("touser")
    if not isinstance(openids, list) or not openids or not all(isinstance(openid, str) for openid in openids):
        raise WeChatError(40031)
    if len(openids) == 1:
        raise WeChatError(40130)
    if len(openids) > MAX_LIST:
        raise WeChatError(40032)
    named = Bitmap()
    foreign = 0
    for number in call.owner.followers.find(openids):
        if number is None:
            foreign += 1
        else:
            named.add(number)
    return Audience({"openids": len(openids)}, int(named), len(openids), foreign)


def _job(call: Call, msg_id: Any) -> Job:
    job = call.world.jobs.get(integer(msg_id, 40059), call.owner.appid)
    if job is None:
        raise WeChatError(40059)
    return job


def _named_by(url: str) -> str:
    return url.rpartition("/")[2].partition("_")[0]


def _named(call: Call) -> str:
    account, today = call.owner, call.world.clock.day()
    openid = account.options.wechat_names.get(call.body["towxname"])
    if openid is None:
        raise WeChatError(40132)
    account.named_previews = [day for day in account.named_previews if day == today]
    if len(account.named_previews) >= NAMED_PREVIEWS_A_DAY:
        raise WeChatError(45009)
    account.named_previews.append(today)
    return openid
