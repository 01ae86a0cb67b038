"""The simulator itself: a server and a world, started and stopped as one."""

from __future__ import annotations

import json
import logging
import threading
import time
from importlib.resources import files
from pathlib import Path
from typing import Any

from wxcore.simulator import control, routes, site
from wxcore.simulator.errors import ControlError, WeChatError
from wxcore.simulator.faults import Fault
from wxcore.simulator.http import Reply, Request, Server
from wxcore.simulator.jobs import JobIds
from wxcore.simulator.routes.registry import Call
from wxcore.simulator.world import World

logger = logging.getLogger(__name__)

PAGE = {
    "/": ("page.html", "text/html; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
    "/words.js": ("words.js", "text/javascript; charset=utf-8"),
    "/phone.js": ("phone.js", "text/javascript; charset=utf-8"),
    "/hand.js": ("hand.js", "text/javascript; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
}
SECRET_PATHS = ("/cgi-bin/token", "/cgi-bin/stable_token", "/cgi-bin/clear_quota/v2")
SHOWN = 1000


class Simulator:
    """A WeChat on a port of its own; port 0 takes a free one. `accounts` are options as for POST /_sim/accounts."""

    def __init__(self, port: int = 0, host: str = "127.0.0.1", accounts: list[dict[str, Any]] | None = None) -> None:
        self._host = host
        self._ids = JobIds()
        self._accounts = accounts or []
        self._stopping = threading.Event()
        self._server = Server((host, port), self.handle)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self.world = self._new_world()

    @property
    def url(self) -> str:
        """Where it answers, without a slash at the end."""
        return f"http://{self._host}:{self._server.server_address[1]}"

    def start(self) -> Simulator:
        """This will answer from now on."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """This will cut every connection and end every thread."""
        self._stopping.set()
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.server_close()
        self._server.disconnect()
        self.world.close()

    def reset(self) -> None:
        """This will begin a new world with the accounts of the start; job ids go on."""
        old, self.world = self.world, self._new_world()
        old.close()

    def handle(self, request: Request) -> Reply:
        """This will be the answer to any request; a mistake of ours is logged and answered with 500."""
        try:
            return self._handle(request)
        except Exception:
            logger.exception("%s %s", request.method, request.path)
            return Reply(b"the simulator failed; see its log", 500, "text/plain; charset=utf-8")

    def _handle(self, request: Request) -> Reply:
        if request.path in PAGE and request.method in ("GET", "HEAD"):
            name, content_type = PAGE[request.path]
            return Reply((files("wxcore.simulator") / "page" / name).read_bytes(), 200, content_type)
        if request.path.startswith(control.PREFIX + "/"):
            return self._control(request)
        return site.serve(self.world, request) or self._wechat(self.world, request)

    def _new_world(self) -> World:
        world = World(self._ids, self.url)
        for options in self._accounts:
            world.configure({key: value for key, value in options.items() if key not in ("followers", "tags")})
            if options.get("followers"):
                control.seed(
                    world, {"appid": options["appid"], "count": options["followers"], "tags": options.get("tags", [])}
                )
        return world

    def _control(self, request: Request) -> Reply:
        try:
            given = control.read(request)
            if (request.method, request.path) == ("POST", f"{control.PREFIX}/reset"):
                self.reset()
                return Reply.json({})
            return Reply.json(control.answer(self.world, request, given))
        except ControlError as error:
            return Reply.json({"error": error.message}, error.status)

    def _wechat(self, world: World, request: Request) -> Reply:
        started = time.perf_counter()
        rid = world.new_rid()
        fault = world.faults.take(request.path)
        call = Call(world, request)
        if fault and fault.when == "before":
            reply = self._suffer(fault, rid) or self._answer(call, rid)
        else:
            reply = self._answer(call, rid)
            reply = (fault and self._suffer(fault, rid)) or reply
        reply.after = call.after
        _trace(call, reply, rid, time.perf_counter() - started)
        return reply

    def _suffer(self, fault: Fault, rid: str) -> Reply | None:
        if fault.delay:
            self._stopping.wait(fault.delay)
        if fault.drop:
            return Reply(drop=True)
        if fault.errcode is not None:
            return Reply.json(WeChatError(fault.errcode, fault.errmsg).body(rid))
        if fault.html is not None:
            return Reply(fault.html.encode(), fault.status or 200, "text/html; charset=utf-8")
        if fault.answers:
            return Reply((fault.body or "").encode(), fault.status or 200)
        return None

    def _answer(self, call: Call, rid: str) -> Reply:
        try:
            answer = routes.answer(call)
            return answer if isinstance(answer, Reply) else Reply.json(answer)
        except WeChatError as error:
            return Reply.json(error.body(rid))


def read_accounts(path: Path) -> list[dict[str, Any]]:
    """This will be the accounts of a JSON file: a list of objects with the options of POST /_sim/accounts."""
    accounts = json.loads(path.read_text("utf-8"))
    if not isinstance(accounts, list):
        raise ValueError("a list of accounts is expected")
    return accounts


def _trace(call: Call, reply: Reply, rid: str, seconds: float) -> None:
    request = call.request
    secret = request.path in SECRET_PATHS
    shown = not secret and reply.content_type.startswith("application/json")
    text = reply.body[:SHOWN].decode("utf-8", "replace") if shown else ""
    appid = call.account.appid if call.account else None
    call.world.count_call(
        {
            "time": call.now,
            "method": request.method,
            "path": request.path,
            "appid": appid,
            "status": None if reply.drop else reply.status,
            "answer": text[:200],
            "ms": round(seconds * 1000, 2),
        }
    )
    if rid.encode() in reply.body[-SHOWN:]:  # only a refusal tells its rid
        looked_up = {
            "invoke_time": int(call.now),
            "cost_in_ms": round(seconds * 1000),
            "request_url": f"access_token={request.query.get('access_token', '')[:6]}…",
            "request_body": "" if secret else request.body[:SHOWN].decode("utf-8", "replace"),
            "response_body": text,
            "client_ip": request.ip,
        }
        call.world.keep_rid(rid, {"appid": appid, "request": looked_up})
