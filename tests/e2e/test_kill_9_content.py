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

UPLOAD, VIDEO = "/cgi-bin/media/upload", "/cgi-bin/media/uploadvideo"
# Of the campaign of plain text makes one that sends a file.
CARRY = """
from campaigns import library
from campaigns.models import Campaign
from wxcore.simulator import samples
campaign = Campaign.objects.get(msgtype="text")
campaign.msgtype = {msgtype!r}
campaign.media = library.store_bytes(campaign.account, samples.{kind}(1)).asset
campaign.title = "新品"
campaign.save()
"""


def articles(product: Product) -> dict[str, Any]:
    """The demo's campaign of three articles."""
    rows = product.api().get("campaigns/")["results"]
    (campaign,) = [row for row in rows if row["name"] == NAME]
    return campaign


def has_ended(product: Product) -> bool:
    return articles(product)["status"] in ("finished", "failed")


def kill_at(product: Product, control: Control, *paths: str) -> None:
    """This will kill the worker while it waits for the answer of each of these, one after the other."""
    for path in paths:
        wait_for(lambda: control.calls()["counts"].get(path), 60)  # noqa: B023 - called at once
        product.kill_worker()
        product.start_worker()


def test_killed_at_every_step_before_its_answer_arrives(product: Product, control: Control) -> None:
    for path in STEPS:
        control.fault(path, delay=15, when="after")
    product.api().send(articles(product)["id"])
    kill_at(product, control, *STEPS)

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
    product.api().send(articles(product)["id"])
    wait_for(lambda: product.sql("SELECT 1 FROM campaigns_remotemedia WHERE tried_at IS NOT NULL"), 30)
    wait_for(lambda: not control.faults(), 30)  # it waits for its token
    product.kill_worker()
    product.sql("UPDATE wxcore_accesstoken SET holder = '', lease_until = 0")

    product.start_worker()

    wait_for(lambda: has_ended(product), 60)
    assert articles(product)["status"] == "finished"
    assert len(control.jobs()) == 1
    assert len([item for item in control.get("/media", appid=APPID)["media"] if item["permanent"]]) == 3


def test_killed_before_the_draft_is_answered_and_the_covers_are_uploaded_again(
    product: Product, control: Control
) -> None:
    control.fault("/cgi-bin/draft/add", delay=15, when="after")
    product.api().send(articles(product)["id"])
    wait_for(lambda: control.calls()["counts"].get("/cgi-bin/draft/add"), 60)
    product.kill_worker()
    for cover in [item for item in control.all_media(APPID) if item["permanent"]]:
        control.forget(APPID, cover["media_id"])
    # What another campaign does that finds them gone.
    product.sql("UPDATE campaigns_remotemedia SET media_id = '', tried_at = uploaded_at WHERE target = 'permanent'")

    product.start_worker()

    wait_for(lambda: has_ended(product), 60)
    assert articles(product)["status"] == "finished"
    assert control.calls()["counts"]["/cgi-bin/draft/add"] == len(control.jobs()) == 1
    assert control.drafts(APPID) == []


@pytest.mark.parametrize(
    ("msgtype", "kind", "steps"),
    [("voice", "voice", [UPLOAD, STEPS[-1]]), ("mpvideo", "video", [UPLOAD, VIDEO, STEPS[-1]])],
)
def test_a_voice_and_a_video_go_out_once_as_well(
    product: Product, control: Control, msgtype: str, kind: str, steps: list[str]
) -> None:
    product.manage("shell", "-c", CARRY.format(msgtype=msgtype, kind=kind))
    (campaign,) = product.api().get(f"campaigns/?msgtype={msgtype}")["results"]
    for path in steps:
        control.fault(path, delay=15, when="after")

    product.api().send(campaign["id"])
    kill_at(product, control, *steps)

    def ended() -> Any:
        return product.api().get(f"campaigns/{campaign['id']}/")["status"] in ("finished", "failed")

    wait_for(ended, 60)
    (job,) = control.jobs()
    assert product.api().get(f"campaigns/{campaign['id']}/")["sent_count"] == job["sent"] > 0
    assert [message["msgtype"] for message in control.received(control.openids(APPID)[0])] == [msgtype]
