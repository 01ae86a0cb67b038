from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from campaigns import drafts, library, publishing
from campaigns.models import Draft, Publication
from tests.conftest import APPID
from tests.simulator_control import Control, wait_for
from wxcore.models import OfficialAccount
from wxcore.wechat import transport

SUBMIT = "/cgi-bin/freepublish/submit"
GET = "/cgi-bin/freepublish/get"
LIST = "/cgi-bin/freepublish/batchget"
ADD = "/cgi-bin/draft/add"

MakeDraft = Callable[..., Draft]


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture(autouse=True)
def _retry_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client repeats as often as ever, without the pauses."""
    for kind, delays in transport.RETRY_DELAYS.items():
        monkeypatch.setitem(transport.RETRY_DELAYS, kind, (0.0,) * len(delays))


@pytest.fixture
def make_draft(account: OfficialAccount) -> MakeDraft:
    """`make_draft("一", "二")`: a draft of articles with these titles, complete with covers."""

    def make(*titles: str, of: OfficialAccount | None = None) -> Draft:
        owner = of or account
        target = io.BytesIO()
        Image.new("RGB", (90, 60), "teal").save(target, "JPEG")
        cover = library.store_bytes(owner, target.getvalue(), name="封面.jpg").asset
        articles = [
            {"title": title, "author": "小编", "body": f"<p>{title}的正文</p>", "cover": cover.pk} for title in titles
        ]
        return drafts.create(owner, None, articles)

    return make


@pytest.fixture
def draft(wechat_account: OfficialAccount, make_draft: MakeDraft) -> Draft:
    """Two articles, ready to be published."""
    return make_draft("新品上市", "门店活动")


@pytest.fixture
def publication(draft: Draft) -> Publication:
    """Queued, before its first attempt."""
    return publishing.publish(draft, by=None, now=timezone.now(), seen_version=draft.version)


def attempt(publication: Publication) -> Publication:
    """This will submit a publication as if its time had come, and be what it has become."""
    Publication.objects.filter(pk=publication.pk).update(due_at=timezone.now())
    assert publishing.submit(fresh(publication), now=timezone.now())
    return fresh(publication)


def ask(publication: Publication) -> Publication:
    """This will ask for its result, and be what it has become."""
    publishing.ask(fresh(publication), now=timezone.now())
    return fresh(publication)


def fresh(publication: Publication) -> Publication:
    return Publication.objects.select_related("account", "draft__account", "revision", "remote").get(pk=publication.pk)


def come_out(control: Control) -> dict[str, Any]:
    """This will be WeChat's only publication, once it is decided."""
    return wait_for(lambda: next((one for one in control.publications(APPID) if one["status"] != 1), None))


def submits(control: Control) -> int:
    """How often WeChat was asked to publish."""
    return control.calls()["counts"].get(SUBMIT, 0)
