"""Each finding of the pre-flight, and what it looks like when there is nothing to find."""

from __future__ import annotations

import base64
import datetime as dt
import io
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest
from PIL import Image

from campaigns import content, drafts, outside, preflight, services
from campaigns.models import Article, Audience, Campaign, MediaAsset, MsgType, RemoteMedia, Target
from campaigns.preflight import Finding, Level
from campaigns.states import NotAllowedNow, Status
from followers.models import Follower, Tag
from tests.campaigns.builders import make_asset, make_draft
from tests.simulator_control import Control
from wxcore.models import Kind, OfficialAccount

pytestmark = pytest.mark.django_db

ANYWHERE = outside.Policy(allow=lambda _address: True, ports=lambda _port: True)


@pytest.fixture(autouse=True)
def _two_followers(make_followers: Callable[..., list[Follower]]) -> None:
    make_followers(2)


@pytest.fixture
def articles(campaign: Campaign) -> Campaign:
    """A campaign of two articles that nothing is wrong with."""
    campaign.msgtype, campaign.send_ignore_reprint = MsgType.MPNEWS, True
    campaign.draft = make_draft(campaign.account, "第一篇", "第二篇")
    campaign.save()
    return campaign


@pytest.fixture
def picture(campaign: Campaign) -> MediaAsset:
    """The only picture of a picture message."""
    asset = make_asset(campaign.account, "image", "图.jpg")
    campaign.msgtype = MsgType.IMAGE
    campaign.save()
    content.replace_pictures(campaign, [asset])
    return asset


def look(campaign: Campaign, now: dt.datetime) -> dict[str, Finding]:
    campaign = Campaign.objects.get(pk=campaign.pk)
    return {finding.code: finding for finding in preflight.local(campaign, now=now)}


def wrong(campaign: Campaign, now: dt.datetime) -> dict[str, tuple[str, int | None]]:
    """What is not fine, with its level and WeChat's code."""
    found = look(campaign, now)
    return {code: (one.level.value, one.wechat_code) for code, one in found.items() if one.level is not Level.OK}


def write(campaign: Campaign, **fields: Any) -> None:
    """This will change the second article."""
    Article.objects.filter(draft=campaign.draft, position=2).update(**fields)


def test_a_good_text_passes(campaign: Campaign, now: dt.datetime) -> None:
    assert list(look(campaign, now)) == ["account", "text_length", "audience"]
    assert wrong(campaign, now) == {}


@pytest.mark.parametrize(
    ("length", "found"),
    [
        (280, {}),
        (281, {"text_long": ("warning", 45002)}),
        (600, {"text_long": ("warning", 45002)}),
        (601, {"text_too_long": ("error", 45002)}),
        (0, {"empty_text": ("error", None)}),
    ],
)
def test_a_long_text(campaign: Campaign, now: dt.datetime, length: int, found: dict[str, Any]) -> None:
    Campaign.objects.update(text="群" * length)

    assert wrong(campaign, now) == found


def test_an_account_without_the_right(campaign: Campaign, now: dt.datetime) -> None:
    OfficialAccount.objects.update(kind=Kind.SUBSCRIPTION, is_verified=False)

    assert wrong(campaign, now) == {"no_right": ("error", 48001)}


def test_nobody_to_send_to(campaign: Campaign, tag: Tag, now: dt.datetime) -> None:
    Campaign.objects.update(audience=Audience.TAG, tag=tag)
    Tag.objects.update(vanished_at=now)

    assert wrong(campaign, now) == {"tag_vanished": ("error", None)}


def test_good_articles_pass(articles: Campaign, now: dt.datetime) -> None:
    assert wrong(articles, now) == {}
    assert {"fields", "pictures", "formatting", "reprint"} <= set(look(articles, now))


@pytest.mark.parametrize(
    ("fields", "code", "wechat_code"),
    [
        ({"cover": None}, "field_empty", 40007),
        ({"title": ""}, "field_empty", 45003),
        ({"body": ""}, "empty_body", 45166),
        ({"title": "长" * 33}, "field_too_long", 45003),
        ({"author": "长" * 17}, "field_too_long", 45110),
        ({"digest": "长" * 129}, "field_too_long", 45004),
        ({"source_url": "https://x.cn/" + "a" * 1100}, "field_too_long", 41039),
        ({"source_url": "javascript:alert(1)"}, "wrong_link", 41039),
        ({"body": "<p>" + "长" * 20_000 + "</p>"}, "body_too_long", 45166),
    ],
)
def test_an_article_that_wechat_would_refuse(
    articles: Campaign, now: dt.datetime, fields: dict[str, Any], code: str, wechat_code: int
) -> None:
    write(articles, **fields)

    found = look(articles, now)[code]
    assert (found.level, found.wechat_code) == (Level.ERROR, wechat_code)
    assert "2" in found.subject
    assert found.url.endswith("#article-2")
    assert code in [problem.code for problem in services.problems(Campaign.objects.get())]


@pytest.mark.parametrize("fields", [{"title": "长" * 32}, {"author": "长" * 16}, {"digest": "长" * 128}])
def test_an_article_at_its_limits_passes(articles: Campaign, now: dt.datetime, fields: dict[str, str]) -> None:
    write(articles, **fields)

    assert wrong(articles, now) == {}


def test_pictures_on_other_sites(articles: Campaign, now: dt.datetime) -> None:
    write(articles, body='<p>看<img src="https://pictures.example.com/a.jpg"></p>')

    found = look(articles, now)["foreign_pictures"]
    assert (found.level, found.action) == (Level.WARNING, "bring_pictures")
    assert "pictures.example.com" in found.message


def test_pictures_at_wechat_are_at_home(articles: Campaign, now: dt.datetime) -> None:
    write(articles, body='<p>看<img src="https://mmbiz.qpic.cn/mmbiz/a/0"></p>')

    assert wrong(articles, now) == {}


def test_a_picture_of_another_account(articles: Campaign, other_account: OfficialAccount, now: dt.datetime) -> None:
    foreign = make_asset(other_account, "image", "别人的.jpg")
    write(articles, body=f'<p>看<img src="{foreign.file_url}"></p>')

    assert wrong(articles, now) == {"pictures_lost": ("error", None)}


def test_links_that_wechat_drops(articles: Campaign, now: dt.datetime) -> None:
    write(
        articles, body='<p><a href="https://shop.example.com/">买</a><a href="https://mp.weixin.qq.com/s/a">看</a></p>'
    )

    assert wrong(articles, now) == {"links_dropped": ("warning", None)}
    assert "1" in look(articles, now)["links_dropped"].message


def test_a_reprint_would_be_stopped(articles: Campaign, now: dt.datetime) -> None:
    Campaign.objects.update(send_ignore_reprint=False)

    assert wrong(articles, now) == {"reprint_stops": ("warning", 30003)}


def test_a_draft_that_was_changed_after_scheduling(articles: Campaign, now: dt.datetime) -> None:
    services.schedule(articles, at=now + dt.timedelta(days=1), by=None)
    assert wrong(articles, now) == {}

    write(articles, title="改过的标题")

    assert wrong(articles, now) == {"draft_changed": ("warning", None)}


def test_a_picture_that_is_not_at_wechat_yet(campaign: Campaign, picture: MediaAsset, now: dt.datetime) -> None:
    found = look(campaign, now)["not_uploaded"]

    assert (found.level, found.action) == (Level.OK, "upload_media")


@pytest.mark.parametrize(("hours", "code"), [(48, "uploaded"), (1, "not_uploaded"), (-1, "not_uploaded")])
def test_a_copy_at_wechat_expires(
    campaign: Campaign, picture: MediaAsset, now: dt.datetime, hours: int, code: str
) -> None:
    expires = now + dt.timedelta(hours=hours)
    RemoteMedia.objects.create(asset=picture, target=Target.TEMPORARY, media_id="m", expires_at=expires)

    assert code in look(campaign, now)


def test_a_file_that_is_nowhere(campaign: Campaign, picture: MediaAsset, now: dt.datetime) -> None:
    MediaAsset.objects.update(file="")

    assert wrong(campaign, now) == {"file_missing": ("error", 40007)}


@pytest.mark.parametrize(
    ("megabytes", "found"),
    [
        (2, {}),
        (3, {"picture_large": ("warning", 40006)}),
        (11, {"picture_large": ("warning", 40006), "file_too_big": ("error", 40006)}),
    ],
)
def test_a_large_picture(
    campaign: Campaign, picture: MediaAsset, now: dt.datetime, megabytes: int, found: dict[str, Any]
) -> None:
    MediaAsset.objects.update(size=megabytes * 1024 * 1024)

    assert wrong(campaign, now) == found


@pytest.mark.parametrize(("seconds", "found"), [(60.0, {}), (60.5, {"file_too_long": ("error", 45007)})])
def test_a_long_voice(campaign: Campaign, now: dt.datetime, seconds: float, found: dict[str, Any]) -> None:
    voice = make_asset(campaign.account, "voice", "a.mp3", seconds=seconds)
    Campaign.objects.update(msgtype=MsgType.VOICE, media=voice)

    assert wrong(campaign, now) == found


@pytest.mark.parametrize("mime", ["audio/mpeg", "audio/amr", "audio/wav", "audio/x-ms-wma"])
def test_a_format_that_wechat_takes(campaign: Campaign, now: dt.datetime, mime: str) -> None:
    voice = make_asset(campaign.account, "voice", "a", mime=mime)
    Campaign.objects.update(msgtype=MsgType.VOICE, media=voice)

    assert wrong(campaign, now) == {}


def test_a_format_that_it_does_not_take_unless_it_has_it_already(campaign: Campaign, now: dt.datetime) -> None:
    voice = make_asset(campaign.account, "voice", "a.ogg", mime="audio/ogg")
    Campaign.objects.update(msgtype=MsgType.VOICE, media=voice)
    assert wrong(campaign, now) == {"wrong_format": ("error", 40005)}

    RemoteMedia.objects.create(asset=voice, target=Target.PERMANENT, media_id="m")

    assert wrong(campaign, now) == {}


def test_the_account_s_stricter_limits(campaign: Campaign, picture: MediaAsset, now: dt.datetime) -> None:
    OfficialAccount.objects.update(media_limits="old")
    MediaAsset.objects.update(size=128 * 1024 + 1)

    assert wrong(campaign, now) == {"file_too_big": ("error", 40006)}


def test_a_card_is_refused_today(campaign: Campaign, now: dt.datetime) -> None:
    Campaign.objects.update(msgtype=MsgType.WXCARD, card_id="pCard")

    assert wrong(campaign, now) == {"card_refused": ("warning", 45113)}


# Asked of others


def test_wechat_lets_us_in(campaign: Campaign, wechat_account: OfficialAccount) -> None:
    assert [(one.level, one.code) for one in preflight.wechat(Campaign.objects.get())] == [
        (Level.OK, "access"),
        (Level.OK, "quota"),
    ]


def test_an_address_that_is_not_in_the_whitelist(
    campaign: Campaign, wechat_account: OfficialAccount, control: Control
) -> None:
    control.fault("/cgi-bin/stable_token", errcode=40164, errmsg="invalid ip 203.0.113.9, not in whitelist")

    (found,) = preflight.wechat(Campaign.objects.get())

    assert (found.level, found.wechat_code) == (Level.ERROR, 40164)
    assert "203.0.113.9" in str(found.fix)


def test_credentials_that_wechat_refuses(campaign: Campaign, wechat_account: OfficialAccount) -> None:
    OfficialAccount.objects.update(secret="f" * 32)

    (found,) = preflight.wechat(Campaign.objects.get())

    assert found.level is Level.ERROR


def test_a_token_in_use_is_not_ended(campaign: Campaign, wechat_account: OfficialAccount, control: Control) -> None:
    OfficialAccount.objects.update(token_endpoint="token")

    for _number in range(3):
        preflight.wechat(Campaign.objects.get())

    assert control.calls()["counts"]["/cgi-bin/token"] == 1


def test_a_quota_that_wechat_does_not_tell(
    campaign: Campaign, wechat_account: OfficialAccount, control: Control
) -> None:
    control.fault("/cgi-bin/openapi/quota/get", errcode=76022, errmsg="no right")

    access, quota = preflight.wechat(Campaign.objects.get())

    assert (access.level, quota.level, quota.wechat_code) == (Level.OK, Level.WARNING, 76022)


def test_a_wechat_that_cannot_be_reached(campaign: Campaign) -> None:
    (found,) = preflight.wechat(campaign)

    assert (found.level, found.code) == (Level.ERROR, "wechat_connection_failed")


class _Site(BaseHTTPRequestHandler):
    silent = Event()

    def do_GET(self) -> None:
        if self.path == "/silent":
            self.silent.wait(30)
        self.send_response(404 if self.path == "/gone" else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET  # noqa: N815 - the server's word

    def log_message(self, *_arguments: Any) -> None:
        """A quiet server."""


@pytest.fixture
def site() -> Iterator[str]:
    _Site.silent.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    _Site.silent.set()
    server.shutdown()


def link(campaign: Campaign, *urls: str) -> Campaign:
    campaign.text = " ".join(f'<a href="{url}">看</a>' for url in urls)
    return campaign


def test_links_that_answer_and_links_that_do_not(campaign: Campaign, site: str) -> None:
    found = preflight.links(link(campaign, f"{site}/", f"{site}/gone"), policy=ANYWHERE)

    assert [(one.level, one.code) for one in found] == [(Level.WARNING, "outside_unreachable"), (Level.OK, "links")]


def test_links_into_our_own_network_are_not_asked(campaign: Campaign, site: str) -> None:
    (found,) = preflight.links(link(campaign, f"{site}/"))

    assert (found.level, found.code) == (Level.WARNING, "outside_refused")


def test_a_link_that_does_not_answer_does_not_hold_up_the_page(
    campaign: Campaign, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preflight.outward, "SECONDS", 0.5)

    codes = [one.code for one in preflight.links(link(campaign, f"{site}/silent", f"{site}/"), policy=ANYWHERE)]

    assert codes[0] in ("link_slow", "outside_unreachable")
    assert codes[1:] == ["links"]


def test_no_more_than_twenty_links_are_asked(campaign: Campaign, site: str) -> None:
    urls = [f"{site}/{number}" for number in range(21)]

    found = preflight.links(link(campaign, *urls), policy=ANYWHERE)

    assert [one.code for one in found] == ["links", "links_left"]
    assert "20" in found[0].message


def test_links_of_articles(articles: Campaign, site: str) -> None:
    write(articles, source_url=f"{site}/gone", body=f'<p><a href="{site}/gone?a=1&amp;b=2">看</a></p>')

    found = preflight.links(articles, policy=ANYWHERE)

    assert [one.code for one in found] == ["outside_unreachable", "links"]


# Fixes


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
