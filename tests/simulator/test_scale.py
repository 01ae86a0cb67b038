"""A million followers, and many callers at once."""

import os
import threading
from pathlib import Path

from tests.simulator.conftest import APPID, Caller
from tests.simulator_control import wait_for

MILLION = 1_000_000


def resident_bytes():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def test_a_million_followers_are_small_and_quick(control, caller):
    control.followers(APPID, 1000)
    before = resident_bytes()
    tags = [{"name": f"tag {n}", "share": n / 10} for n in range(1, 6)]
    control.followers(APPID, MILLION, tags=tags, refusing_share=0.05)
    last, seen = "", set()
    for _ in range(3):
        page = caller.get("/cgi-bin/user/get", next_openid=last)
        seen.update(page["data"]["openid"])
        last = page["next_openid"]
    assert len(seen) == 30_000
    asked = {"user_list": [{"openid": openid} for openid in list(seen)[:100]]}
    assert len(caller.post("/cgi-bin/user/info/batchget", asked)["user_info_list"]) == 100
    del seen, page
    assert resident_bytes() - before < 20 * 1024 * 1024


def test_a_million_get_a_message(control, caller):
    control.followers(APPID, MILLION, refusing_share=0.1)
    msg_id = caller.sendall()["msg_id"]
    job = wait_for(lambda: (job := control.job(msg_id))["status"] and job)
    assert (job["total"], job["sent"], job["error"]) == (MILLION, 900_000, 0)
    assert [message["msg_id"] for message in control.received(control.recipients(msg_id, limit=1)[0])] == [msg_id]


def test_16_threads_lose_nothing(eager_threads, simulator, control, caller):
    control.followers(APPID, 800)
    caller.post("/cgi-bin/tags/create", {"tag": {"name": "VIP"}})
    openids = control.openids(APPID, 800)
    failures = []

    def work(mine):
        own = Caller(simulator.url)
        for at in range(0, len(mine), 5):
            answer = own.post("/cgi-bin/tags/members/batchtagging", {"openid_list": mine[at : at + 5], "tagid": 100})
            if answer != {"errcode": 0, "errmsg": "ok"}:
                failures.append(answer)

    threads = [threading.Thread(target=work, args=(openids[n::16],)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert caller.get("/cgi-bin/tags/get")["tags"][1]["count"] == 800
    assert control.calls()["counts"]["/cgi-bin/tags/members/batchtagging"] == 160
