"""`kill -9` of the worker while it sends: exactly one job at WeChat, and the campaign finishes."""

from __future__ import annotations

import pytest

from tests.e2e.product import Product
from tests.simulator_control import Control, wait_for

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

SENDALL = "/cgi-bin/message/mass/sendall"
TOKEN = "/cgi-bin/stable_token"


def send_and_kill(product: Product, campaign_id: int, moment: object) -> None:
    """Press "send", wait for the moment, kill the worker, start another one."""
    product.api().send(campaign_id)
    wait_for(moment, 20)
    product.kill_worker()


def assert_sent_once(product: Product, control: Control) -> None:
    api = product.api()
    campaign = api.wait("campaigns/", lambda row: row["status"] in ("finished", "failed"), "the campaign has ended")
    (job,) = control.jobs()
    assert campaign["status"] == "finished"
    assert campaign["sent_count"] == job["sent"] == len(control.recipients(job["msg_id"]))


def test_after_the_request_was_accepted_sends_once(product: Product, control: Control) -> None:
    control.fault(SENDALL, delay=15, when="after")
    campaign = product.api().first("campaigns/")
    send_and_kill(product, campaign["id"], control.jobs)
    product.start_worker()
    assert_sent_once(product, control)
    (broadcast,) = product.api().get("broadcasts/")["results"]
    assert broadcast["attempts"] >= 2
    assert broadcast["uncertain"] is True


def test_before_the_request_sends_once(product: Product, control: Control) -> None:
    product.sql("DELETE FROM wxcore_accesstoken")
    control.fault(TOKEN, delay=15)
    campaign = product.api().first("campaigns/")
    claimed = lambda: product.sql("SELECT 1 FROM campaigns_broadcast WHERE status = 'submitting'")  # noqa: E731
    send_and_kill(product, campaign["id"], claimed)
    assert control.jobs() == []
    product.sql("UPDATE wxcore_accesstoken SET holder = '', lease_until = 0")
    product.start_worker()
    assert_sent_once(product, control)


def test_while_no_worker_runs_the_result_is_not_lost(product: Product, control: Control) -> None:
    control.settings(job_delay=2)
    campaign = product.api().first("campaigns/")
    accepted = lambda: product.sql("SELECT 1 FROM campaigns_broadcast WHERE status = 'submitted'")  # noqa: E731
    send_and_kill(product, campaign["id"], accepted)
    wait_for(lambda: product.sql("SELECT 1 FROM callbacks_callback WHERE event LIKE 'masssend%'"), 20)
    product.start_worker()
    assert_sent_once(product, control)
