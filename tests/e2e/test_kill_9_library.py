"""`kill -9` of the worker while it imports and while it publishes: everything once, and nothing lost."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.product import Product
from tests.simulator_control import Control, wait_for

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

APPID = "wxdemo0123456789ab"
GET = "/cgi-bin/material/get_material"
SUBMIT = "/cgi-bin/freepublish/submit"


def imported(product: Product) -> dict[str, Any]:
    """An import of all that WeChat has, when it has ended."""
    account = product.api().first("accounts/")["id"]
    row = product.api().post("imports/", account=account)
    wait_for(lambda: product.api().get(f"imports/{row['id']}/")["status"] in ("finished", "failed"), 60)
    return product.api().get(f"imports/{row['id']}/")


def test_in_the_middle_of_a_page_of_an_import(product: Product, control: Control) -> None:
    made = control.library(APPID, images=9, drafts=2)
    control.fault(GET, skip=5, delay=15)
    api = product.api()
    row = api.post("imports/", account=api.first("accounts/")["id"])
    wait_for(lambda: api.get(f"imports/{row['id']}/")["imported"] >= 4, 30)
    product.kill_worker()

    product.sql("UPDATE campaigns_libraryimport SET due_at = created_at")  # its lease ran out
    product.start_worker()
    wait_for(lambda: api.get(f"imports/{row['id']}/")["status"] == "finished", 60)

    done = api.get(f"imports/{row['id']}/")
    assert (done["imported"], done["known"], done["skipped"]) == (11, 0, 0)
    kept = product.sql(
        "SELECT media_id FROM campaigns_remotemedia JOIN campaigns_mediaasset a ON a.id = asset_id WHERE a.file != ''"
    )
    assert sorted(media_id for (media_id,) in kept) == sorted(made["images"])


def test_after_a_publication_was_accepted_it_is_published_once(product: Product, control: Control) -> None:
    control.draft(APPID, {"title": "只发布一次"})
    imported(product)
    ((draft,),) = product.sql("SELECT id FROM campaigns_draft WHERE title = '只发布一次'")
    control.fault(SUBMIT, delay=15, when="after")
    api = product.api()
    row = api.post("publications/", draft=draft)
    wait_for(lambda: control.publications(APPID), 30)
    product.kill_worker()

    product.sql("UPDATE campaigns_publication SET due_at = created_at")  # its lease ran out
    product.start_worker()
    wait_for(lambda: api.get(f"publications/{row['id']}/")["status"] == "published", 60)

    (job,) = control.publications(APPID)
    done = api.get(f"publications/{row['id']}/")
    assert (done["article_id"], len(done["urls"])) == (job["article_id"], 1)
    assert control.drafts(APPID) == []


def test_a_publication_is_followed_to_its_end_by_the_event(product: Product, control: Control) -> None:
    control.draft(APPID, {"title": "一"})
    imported(product)
    api = product.api()
    ((draft,),) = product.sql("SELECT id FROM campaigns_draft WHERE title = '一'")

    row = api.post("publications/", draft=draft)

    wait_for(lambda: api.get(f"publications/{row['id']}/")["urls"], 30)
    assert control.calls()["counts"].get("/cgi-bin/freepublish/get", 0) == 0
    assert api.get(f"publications/{row['id']}/")["publish_id"] == str(control.publications(APPID)[0]["publish_id"])
