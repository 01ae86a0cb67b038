"""A client of the simulator's control plane, for every test that needs a WeChat."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import requests

SHANGHAI = dt.timezone(dt.timedelta(hours=8))


class Control:
    """One method a verb of `/_sim/`; each returns the JSON of the answer, and raises for a refusal."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False

    def request(self, method: str, path: str, **kwargs: Any) -> Any:
        """This will be the JSON of an answer. Raises AssertionError with the simulator's words."""
        answer = self._session.request(method, f"{self.url}/_sim{path}", timeout=30, **kwargs)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def post(self, path: str, /, **given: Any) -> Any:
        return self.request("POST", path, json=given)

    def get(self, path: str, /, **query: Any) -> Any:
        return self.request("GET", path, params=query)

    def reset(self) -> None:
        self.post("/reset")

    def state(self) -> Any:
        return self.get("/state")

    def account(self, appid: str, **options: Any) -> Any:
        return self.post("/accounts", appid=appid, **options)

    def verify(self, appid: str) -> Any:
        return self.post("/verify", appid=appid)

    def followers(self, appid: str, count: int, **options: Any) -> Any:
        return self.post("/followers", appid=appid, count=count, **options)

    def openids(self, appid: str, limit: int = 100, offset: int = 0) -> list[str]:
        found = self.get("/followers", appid=appid, limit=limit, offset=offset)["followers"]
        return [follower["openid"] for follower in found]

    def follower(self, openid: str) -> Any:
        return self.get(f"/followers/{openid}/chat")["follower"]

    def follow(self, appid: str, openid: str | None = None) -> str:
        return self.post("/follow", appid=appid, openid=openid)["openid"]

    def unfollow(self, appid: str, openid: str) -> Any:
        return self.post("/unfollow", appid=appid, openid=openid)

    def refuse(self, appid: str, openid: str, *, refusing: bool = True) -> Any:
        return self.post("/refuse", appid=appid, openid=openid, refusing=refusing)

    def message(self, appid: str, openid: str, content: str) -> Any:
        return self.post("/messages", appid=appid, openid=openid, content=content)

    def say(self, appid: str, openid: str, kind: str, **told: Any) -> int:
        """This will send a message of any kind, an image or a location say; its MsgId."""
        return self.post("/messages", appid=appid, openid=openid, type=kind, **told)["MsgId"]

    def scan(self, appid: str, scene: int | str, openid: str | None = None) -> str:
        """This will scan the QR code of a scene, which is made if need be; the openid of who did."""
        return self.post("/scan", appid=appid, scene=scene, openid=openid)["openid"]

    def tap(self, appid: str, openid: str, name: str, **told: Any) -> dict[str, Any]:
        """This will tap the button of that name in the follower's menu: {"type", "opens"}."""
        return self.post("/tap", appid=appid, openid=openid, name=name, **told)

    def push(self, appid: str, event: str | None, openid: str | None = None, **fields: Any) -> dict[str, Any]:
        """This will push any event with the fields of its sample, changed by `fields`; the message as it was pushed."""
        return self.post("/push", appid=appid, event=event, openid=openid, fields=fields)["pushed"]

    def media(self, appid: str, media_id: str, kind: str) -> Any:
        return self.post("/media", appid=appid, media_id=media_id, type=kind)

    def all_media(self, appid: str) -> list[dict[str, Any]]:
        return self.get("/media", appid=appid)["media"]

    def forget(self, appid: str, media_id: str) -> Any:
        return self.post("/media/forget", appid=appid, media_id=media_id)

    def library(self, appid: str, **counts: int) -> dict[str, list[str]]:
        """This will make `images`, `voices`, `videos`, `news` and `drafts` in WeChat's console; the ids of each."""
        return self.post("/library", appid=appid, **counts)

    def drafts(self, appid: str) -> list[dict[str, Any]]:
        return self.get("/drafts", appid=appid)["drafts"]

    def draft(self, appid: str, *articles: dict[str, Any], autosaved: bool = False) -> str:
        """This will write a draft in WeChat's console; its media_id."""
        return self.post("/drafts", appid=appid, articles=list(articles), autosaved=autosaved)["media_id"]

    def publications(self, appid: str = "") -> list[dict[str, Any]]:
        return self.get("/publications", appid=appid)["publications"]

    def publish_outcome(self, publish_status: int, **outcome: Any) -> Any:
        return self.post("/publish_outcomes", publish_status=publish_status, **outcome)

    def comment(self, openid: str, msg_data_id: int, content: str, index: int = 0) -> int:
        given = {"openid": openid, "msg_data_id": msg_data_id, "content": content, "index": index}
        return self.post("/comments", **given)["user_comment_id"]

    def advance(self, seconds: float) -> Any:
        return self.post("/clock", advance=seconds)

    def advance_to(self, hour: float, *, days: int = 1) -> dt.datetime:
        """This will let time pass until that hour in Shanghai, `days` from now; that moment."""
        now = dt.datetime.fromtimestamp(self.state()["now"], SHANGHAI)
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        then = midnight + dt.timedelta(days=days, hours=hour)
        self.advance((then - now).total_seconds() + 1)
        return then

    def backdate(self, msg_id: int, days: int) -> Any:
        """This will make a delivered job one of days ago."""
        return self.post(f"/jobs/{msg_id}/backdate", days=days)

    def settings(self, **settings: float) -> Any:
        return self.post("/settings", **settings)

    def fault(self, path: str, **fault: Any) -> Any:
        return self.post("/faults", path=path, **fault)

    def faults(self) -> list[dict[str, Any]]:
        return self.get("/faults")["faults"]

    def clear_faults(self) -> Any:
        return self.request("DELETE", "/faults")

    def plan_pushes(self, **plan: Any) -> Any:
        return self.post("/pushes", **plan)

    def pushes(self, appid: str = "") -> list[dict[str, Any]]:
        return self.get("/pushes", appid=appid)["pushes"]

    def outcome(self, **outcome: Any) -> Any:
        return self.post("/outcomes", **outcome)

    def jobs(self, appid: str = "") -> list[dict[str, Any]]:
        return self.get("/jobs", appid=appid)["jobs"]

    def job(self, msg_id: int) -> Any:
        return self.get(f"/jobs/{msg_id}")

    def confirm(self, msg_id: int, *, agree: bool = True) -> Any:
        return self.post(f"/jobs/{msg_id}/confirm", agree=agree)

    def delivered(self, msg_id: int) -> Any:
        """This will be the job once it is no longer being sent: delivery runs a moment after the answer."""
        wait_for(lambda: self.job(msg_id)["state"] != "sending")
        return self.job(msg_id)

    def recipients(self, msg_id: int, offset: int = 0, limit: int = 1000) -> list[str]:
        self.delivered(msg_id)
        return self.get(f"/jobs/{msg_id}/recipients", offset=offset, limit=limit)["openids"]

    def received(self, openid: str) -> list[dict[str, Any]]:
        return self.get(f"/followers/{openid}/received")["messages"]

    def chat(self, openid: str) -> list[dict[str, Any]]:
        return self.get(f"/followers/{openid}/chat")["messages"]

    def calls(self) -> Any:
        return self.get("/calls")


def wait_for(condition: Callable[[], Any], seconds: float = 10.0, *, pause: float = 0.01) -> Any:
    """This will be the first true value of `condition`, asked again and again. Raises AssertionError."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(pause)
    raise AssertionError(f"still not so after {seconds} s")
