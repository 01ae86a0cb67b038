"""Campaigns that nothing is wrong with, a web site, and what the pre-flight says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest

from campaigns import content, outside, preflight
from campaigns.models import Article, Campaign, MediaAsset, MsgType
from campaigns.preflight import Finding, Level
from followers.models import Follower
from tests.campaigns.builders import make_asset, make_draft

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
