"""Nobody sees or touches anything of an account that they do not work for, through any address that there is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from followers.models import Follower
from tests.people import logged_in, member
from tests.rights.endpoints import Endpoint, endpoints
from tests.rights.world import account, everything, populate
from wxcore import rights
from wxcore.models import ApiToken
from wxcore.wechat import transport

pytestmark = pytest.mark.django_db

THEIRS, OURS = "他家机密", "我家内容"
ENDPOINTS = endpoints()
OF_ACCOUNTS = [one for one in ENDPOINTS if one.names_a_row and one.model and rights.has_account(one.model)]
OWNED = [*OF_ACCOUNTS, *(one for one in ENDPOINTS if one.names_a_row and one.model in (User, ApiToken))]
LISTS = [one for one in ENDPOINTS if one.is_list and one.model and rights.has_account(one.model)]


def route(endpoint: Endpoint) -> str:
    return endpoint.route


every_endpoint = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=route)


@pytest.fixture(autouse=True)
def _nobody_waits_for_wechat(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind, delays in transport.RETRY_DELAYS.items():
        monkeypatch.setitem(transport.RETRY_DELAYS, kind, (0.0,) * len(delays))


@pytest.fixture
def theirs(db: None) -> dict[str, Model]:
    return populate(account("theirs", THEIRS), THEIRS)


@pytest.fixture
def ours(db: None) -> dict[str, Model]:
    return populate(account("ours", OURS), OURS)


@pytest.fixture
def client(ours: dict[str, Model]) -> Client:
    """Somebody with the strongest role, on our account."""
    return logged_in(member(ours["wxcore.officialaccount"], "administrator", "visitor"))


def naming(rows: dict[str, Model]) -> dict[str, Any]:
    """This will be every input of every form and body, with the ids of `rows`."""
    pk = {label.partition(".")[2]: row.pk for label, row in rows.items()}
    follower = rows["followers.follower"]
    assert isinstance(follower, Follower)
    return {
        "account": pk["officialaccount"], "tag": pk["tag"], "draft": pk["draft"], "segment": pk["segment"],
        "campaign": pk["campaign"], "media": pk["mediaasset"], "pictures": str(pk["mediaasset"]),
        "voice": str(pk["mediaasset"]), "video": str(pk["mediaasset"]), "cover": pk["mediaasset"],
        "user": pk["user"], "openid": follower.openid, "person": f"openid:{follower.openid}",
        "name": "x", "title": "x", "text": "x", "msgtype": "mpnews", "audience": "tag", "version": 1,
        "action": "process_selected", "_selected_action": pk["callback"], "index": 0, "view": "card", "seen": "x",
        "articles": [], "to": pk["user"], "kind": "image", "image-asset": str(pk["mediaasset"]), "first": "1",
    }  # fmt: skip


def test_there_is_a_row_of_every_model_that_the_admin_shows(ours: dict[str, Model]) -> None:
    """Whoever adds a page adds a row to tests/rights/world.py, and the walks below find its addresses."""
    shown = {model._meta.label_lower for model in admin.site._registry if rights.has_account(model)}
    assert len(ENDPOINTS) > 100
    assert sorted(shown - ours.keys()) == []


@every_endpoint
def test_what_is_theirs_is_as_if_it_did_not_exist(client: Client, theirs: dict[str, Model], endpoint: Endpoint) -> None:
    before, inputs = everything(), naming(theirs)
    missing = {label: type(row)(pk=404_404) for label, row in theirs.items()}

    for ask in ways(client, endpoint, inputs):
        answer = ask(endpoint.address(theirs))
        assert THEIRS not in said(answer)
        if endpoint in OWNED:
            assert answer.status_code == ask(endpoint.address(missing)).status_code
            assert answer.status_code >= 400 or leads_to_the_same_row(answer, endpoint.address(theirs))
    assert everything() == before


def ways(client: Client, endpoint: Endpoint, inputs: dict[str, Any]) -> list[Callable[[str], Any]]:
    """This will be the requests that an address takes, with whatever could name a row in them."""
    form = {**inputs, "articles": ""}
    as_json = {"data": inputs, "content_type": "application/json"}
    asked: list[Callable[[str], Any]] = [client.get, partial(client.post, data=form), partial(client.post, **as_json)]
    if not endpoint.names_a_row:
        asked += [partial(client.get, query_params=query) for query in ({**form, "action": ""}, {"q": THEIRS[:2]})]
    if endpoint.route.startswith("api/"):
        asked += [partial(client.put, **as_json), partial(client.patch, **as_json), client.delete]
    return asked


@pytest.mark.parametrize("endpoint", OF_ACCOUNTS, ids=route)
def test_what_is_ours_is_there(client: Client, ours: dict[str, Model], theirs: object, endpoint: Endpoint) -> None:
    """Without it, a walk along wrong addresses would find everything safe."""
    status = client.get(endpoint.address(ours), {"a": 1, "b": 1, "at": "2030-01-01T00:00:00Z"}).status_code

    # A mirror and a log are deleted by nobody; the world has no files. Refused (400, 409) is only what is there.
    nobody = endpoint.route.endswith(("/delete/", "/file/", "/thumb/"))
    assert status in ((403, 404, 200, 302) if nobody else (200, 302, 400, 405, 409))


@pytest.mark.parametrize("endpoint", LISTS, ids=route)
def test_lists_show_what_is_ours(client: Client, ours: dict[str, Model], theirs: object, endpoint: Endpoint) -> None:
    answer = client.get(endpoint.address(ours))

    assert answer.status_code == 200
    assert OURS in said(answer) or '"results":[{' in said(answer)


def test_the_start_page_shows_what_is_ours(client: Client, ours: object, theirs: object) -> None:
    html = said(client.get(reverse("admin:index")))

    assert OURS in html
    assert THEIRS not in html


def test_what_is_completed_while_typing_is_ours(client: Client, ours: object, theirs: object) -> None:
    asked = {"app_label": "campaigns", "model_name": "campaign", "field_name": "tag", "term": ""}
    found = said(client.get(reverse("admin:autocomplete"), asked))

    assert OURS in found or "\\u6211" in found
    assert THEIRS not in found
    assert "\\u4ed6" not in found


def test_the_redirect_to_any_row_is_closed(client: Client, theirs: dict[str, Model]) -> None:
    row = theirs["campaigns.campaign"]
    kind = ContentType.objects.get_for_model(row).pk

    assert client.get(f"/admin/r/{kind}/{row.pk}/").status_code == 404


def test_a_superuser_sees_all(admin_client: Client, ours: object, theirs: object) -> None:
    html = said(admin_client.get(reverse("admin:campaigns_campaign_changelist")))

    assert OURS in html
    assert THEIRS in html


def said(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode(errors="replace")


def leads_to_the_same_row(answer: Any, address: str) -> bool:
    """The admin's old addresses, and deletion where a page of ours does it: where they lead, 404 is answered."""
    return answer.status_code == 302 and answer.headers["Location"].startswith(address.removesuffix("delete/"))
