"""What the pre-flight puts right by itself."""

from __future__ import annotations

import base64
import datetime as dt
import io

import pytest
from PIL import Image
from rest_framework.test import APIClient

from campaigns import content, drafts, outside, preflight, services
from campaigns.models import Article, Campaign, MediaAsset, MsgType
from campaigns.states import NotAllowedNow, Status
from tests.campaigns.builders import make_asset
from tests.campaigns.preflight.conftest import look, write, wrong
from tests.people import member
from tests.simulator_control import Control
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db


def test_a_digest_is_shortened(articles: Campaign, now: dt.datetime) -> None:
    write(articles, digest="长" * 200)
    assert look(articles, now)["field_too_long"].action == "shorten_digest"

    preflight.fix(articles, "shorten_digest", by=None, now=now)

    assert wrong(articles, now) == {}
    assert Article.objects.get(draft=articles.draft, position=2).digest == "长" * 127 + "…"


def test_pictures_are_brought_over(articles: Campaign, now: dt.datetime) -> None:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    address = f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"
    write(articles, body=f'<p>看<img src="{address}"></p>')

    preflight.fix(articles, "bring_pictures", by=None, now=now)

    assert wrong(articles, now) == {}
    brought = MediaAsset.objects.latest("pk")
    assert brought.mime == "image/png"
    assert brought.file_url in Article.objects.get(draft=articles.draft, position=2).body


def test_a_picture_inside_our_network_is_not_fetched(articles: Campaign, site: str, now: dt.datetime) -> None:
    body = f'<p>看<img src="{site}/a.png"></p>'
    write(articles, body=body)

    with pytest.raises(outside.OutsideRefused):
        preflight.fix(articles, "bring_pictures", by=None, now=now)

    assert Article.objects.get(draft=articles.draft, position=2).body == body


def test_reprints_are_allowed(articles: Campaign, now: dt.datetime) -> None:
    Campaign.objects.update(send_ignore_reprint=False)

    preflight.fix(Campaign.objects.get(), "allow_reprint", by=None, now=now)

    assert wrong(articles, now) == {}


def test_media_are_uploaded(
    campaign: Campaign, wechat_account: OfficialAccount, now: dt.datetime, control: Control
) -> None:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "JPEG")
    asset = make_asset(wechat_account, "image", "图.jpg", content=out.getvalue())
    Campaign.objects.update(msgtype=MsgType.IMAGE)
    content.replace_pictures(campaign, [asset])

    preflight.fix(Campaign.objects.get(), "upload_media", by=None, now=now)

    assert "uploaded" in look(campaign, now)
    assert control.calls()["counts"]["/cgi-bin/media/upload"] == 1


def test_a_fix_that_nobody_knows(campaign: Campaign, now: dt.datetime) -> None:
    with pytest.raises(preflight.NothingToFix):
        preflight.fix(campaign, "drop_table", by=None, now=now)


def test_what_is_scheduled_is_not_fixed(articles: Campaign, now: dt.datetime) -> None:
    services.schedule(articles, at=now, by=None)

    with pytest.raises(NotAllowedNow):
        preflight.fix(articles, "allow_reprint", by=None, now=now)

    assert Campaign.objects.get().status == Status.SCHEDULED


def test_a_fix_does_not_undo_somebody_else_s_save(articles: Campaign, now: dt.datetime) -> None:
    write(articles, digest="长" * 200)
    stale = Campaign.objects.select_related("draft").get()
    type(stale.draft).objects.update(version=5)

    with pytest.raises(drafts.DraftChanged):
        preflight.fix(stale, "shorten_digest", by=None, now=now)


def test_the_api_puts_right_what_a_finding_names(api: APIClient, articles: Campaign) -> None:
    address = f"/api/v1/campaigns/{articles.pk}/preflight/"
    answer = api.post(f"{address}fix/", {"action": "allow_reprint"}, format="json")

    assert (answer.status_code, bool(answer.json()["message"])) == (200, True)
    assert Campaign.objects.get().send_ignore_reprint
    assert api.post(f"{address}fix/", {"action": "drop_table"}, format="json").json()["code"] == "nothing_to_fix"


def test_only_who_may_change_it_puts_it_right(articles: Campaign) -> None:
    analyst = APIClient()
    analyst.force_login(member(articles.account, "analyst"))
    address = f"/api/v1/campaigns/{articles.pk}/preflight/fix/"

    assert analyst.post(address, {"action": "allow_reprint"}, format="json").status_code == 403
