"""What a team does with the demo account before the pictures are taken, through the API as they would."""

from __future__ import annotations

import datetime as dt
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

from campaigns.management.commands.demo import Api
from docs.screenshots.product import Product

PATIENCE_SECONDS = 120.0
SHANGHAI = ZoneInfo("Asia/Shanghai")
LETTER = "亲爱的会员，感谢这一年的陪伴。12月31日前到店，出示本消息即可领取新年台历一份～"
LAST_DAY = "返场最后一天：全场满300减60，今晚24点结束。"


def tell(product: Product) -> dict[str, object]:
    """This will make what the table's paths name: a segment, campaigns in each state, and be their ids."""
    api, editor = (Api(product.site, *product.login(who)) for who in ("demo", "editor"))
    account = api.first("accounts/")["id"]
    webhook = _connect(api, account)
    tags = {tag["name"]: tag["id"] for tag in api.get("tags/")["results"]}
    text = {"account": account, "msgtype": "text"}
    vip = {"audience": "tag", "tag": tags["VIP会员"]}
    groups = [[{"kind": "tags", "any": [tags["VIP会员"], tags["北京"]]}, {"kind": "quota"}]]
    segment = api.post("segments/", account=account, name="本月还能收到消息的会员", conditions={"groups": groups})
    chosen = {"audience": "segment", "segment": segment["id"]}
    for_segment = api.post("campaigns/", **text, name="会员专属返场", text=LAST_DAY, **chosen)
    review = editor.post("campaigns/", **text, name="年终会员感谢信", text=LETTER, **vip)
    editor.post(f"campaigns/{review['id']}/submit/")
    for days, hour, name in ((1, 20, "直播预告"), (3, 12, "周末到店礼"), (6, 20, "圣诞新品抢先看")):
        later = api.post("campaigns/", **text, name=name, text=LAST_DAY, **vip)
        _schedule(api, later["id"], days=days, hour=hour)
    variants = _split(api, api.post("campaigns/", **text, name="返场提醒", text=LAST_DAY, **chosen))
    waiting = api.get("conversations/?page_size=50")["results"]
    return {
        "segment": segment["id"],
        "segment_campaign": for_segment["id"],
        "review": review["id"],
        "variant": variants[0],
        "conversation": next(row["id"] for row in waiting if row["assignee"]),
        "webhook": webhook,
        "week": _week_of(api.get("campaigns/1/")["finished_at"]),
    }


class Receiver(BaseHTTPRequestHandler):
    """A system of somebody else's that takes whatever is posted to it."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what is printed are the pictures."""


def _connect(api: Api, account: int) -> int:
    """This will subscribe two systems, of which one cannot be reached, and be the id of the other."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    Thread(target=server.serve_forever, daemon=True).start()
    events = ["campaign.scheduled", "campaign.finished", "campaign.failed", "follower.subscribed"]
    given = {"account": account, "events": events}
    hook = api.post("webhooks/", **given, name="数据看板", url=f"http://127.0.0.1:{server.server_port}/qunfa")
    api.post("webhooks/", **given, name="CRM", url="https://crm.example.com/hooks")
    api.post(f"webhooks/{hook['id']}/ping/")
    return int(hook["id"])


def _week_of(moment: str) -> str:
    year, week, _day = dt.datetime.fromisoformat(moment).astimezone(SHANGHAI).isocalendar()
    return f"{year}-W{week:02}"


def _schedule(api: Api, campaign: int, *, days: int, hour: int) -> None:
    day = dt.datetime.now(SHANGHAI).date() + dt.timedelta(days=days)
    at = dt.datetime.combine(day, dt.time(hour), SHANGHAI)
    seen = api.get(f"campaigns/{campaign}/forecast/")
    api.post(f"campaigns/{campaign}/schedule/", at=at.isoformat(), seen=seen["fingerprint"], heads=seen["heads"])


def _split(api: Api, campaign: dict[str, Any]) -> list[int]:
    """This will send two halves and wait until both are done."""
    variants = [row["id"] for row in api.post(f"campaigns/{campaign['id']}/split/", shares=[50, 50])]
    for variant in variants:
        api.send(variant)
    until = time.monotonic() + PATIENCE_SECONDS
    while any(api.get(f"campaigns/{variant}/")["status"] != "finished" for variant in variants):
        if time.monotonic() > until:
            sys.exit("The variants were not sent in time.")
        time.sleep(0.5)
    return variants
