"""`kill -9` of the worker while it prepares what it sends: the next one goes on, and nothing is there twice."""

from __future__ import annotations

from typing import Any

import pytest

from campaigns.management.demo_content import NAME
from tests.e2e.product import Product
from tests.simulator_control import Control, wait_for

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

APPID = "wxdemo0123456789ab"
STEPS = [
    "/cgi-bin/material/add_material",
    "/cgi-bin/media/uploadimg",
    "/cgi-bin/draft/add",
    "/cgi-bin/message/mass/sendall",
]


def articles(product: Product) -> dict[str, Any]:
    """The demo's campaign of three articles."""
    rows = product.api().get("campaigns/")["results"]
    (campaign,) = [row for row in rows if row["name"] == NAME]
    return campaign


def has_ended(product: Product) -> bool:
    return articles(product)["status"] in ("finished", "failed")


def test_killed_at_every_step_before_its_answer_arrives(product: Product, control: Control) -> None:
    for path in STEPS:
        control.fault(path, delay=15, when="after")
    product.api().post(f"campaigns/{articles(product)['id']}/send/")
    for path in STEPS:
        wait_for(lambda: control.calls()["counts"].get(path), 60)  # noqa: B023 - called at once
        product.kill_worker()
        product.start_worker()

    wait_for(lambda: has_ended(product), 60)
    campaign = articles(product)
    (job,) = control.jobs()
    assert campaign["status"] == "finished"
    assert campaign["sent_count"] == job["sent"] == len(control.recipients(job["msg_id"]))
    covers = [item for item in control.get("/media", appid=APPID)["media"] if item["permanent"]]
    assert len(covers) == len({item["name"] for item in covers}) == 3
    assert control.get("/drafts", appid=APPID)["drafts"] == []
    assert len(control.received(control.openids(APPID)[0])[0]["articles"]) == 3


def test_killed_before_the_first_request(product: Product, control: Control) -> None:
    product.sql("DELETE FROM wxcore_accesstoken")
    control.fault("/cgi-bin/stable_token", delay=15)
    product.api().post(f"campaigns/{articles(product)['id']}/send/")
    wait_for(lambda: product.sql("SELECT 1 FROM campaigns_remotemedia WHERE tried_at IS NOT NULL"), 30)
    wait_for(lambda: not control.faults(), 30)  # it waits for its token
    product.kill_worker()
    product.sql("UPDATE wxcore_accesstoken SET holder = '', lease_until = 0")

    product.start_worker()

    wait_for(lambda: has_ended(product), 60)
    assert articles(product)["status"] == "finished"
    assert len(control.jobs()) == 1
    assert len([item for item in control.get("/media", appid=APPID)["media"] if item["permanent"]]) == 3
