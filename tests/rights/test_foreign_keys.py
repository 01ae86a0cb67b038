"""What belongs to another account cannot be taken into one's own, and is not shown in the attempt."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.test import Client

from campaigns.models import Campaign, Draft
from tests.people import logged_in, member
from tests.rights.test_other_accounts import OURS, THEIRS, said
from tests.rights.world import account, everything, populate
from wxcore.models import Membership

pytestmark = pytest.mark.django_db

ADD = "/admin/campaigns/campaign/add/"


@pytest.fixture
def theirs(db: None) -> dict[str, Model]:
    return populate(account("theirs", THEIRS), THEIRS)


@pytest.fixture
def ours(db: None) -> dict[str, Model]:
    return populate(account("ours", OURS), OURS)


@pytest.fixture
def user(ours: dict[str, Model]) -> User:
    return member(ours["wxcore.officialaccount"], "editor", "writer")


@pytest.fixture
def client(user: User) -> Client:
    return logged_in(user)


def campaign(ours: dict[str, Model], **changes: Any) -> dict[str, Any]:
    of = ours["wxcore.officialaccount"].pk
    return {"account": of, "name": "新", "msgtype": "text", "text": "好", "audience": "all"} | changes


@pytest.mark.parametrize(
    ("label", "inputs"),
    [
        ("wxcore.officialaccount", {"account": "{}"}),
        ("followers.tag", {"audience": "tag", "tag": "{}"}),
        ("followers.segment", {"audience": "segment", "segment": "{}"}),
        ("campaigns.draft", {"msgtype": "mpnews", "draft": "{}"}),
        ("campaigns.mediaasset", {"msgtype": "image", "pictures": "{}"}),
        ("campaigns.mediaasset", {"msgtype": "voice", "voice": "{}"}),
        ("campaigns.mediaasset", {"msgtype": "mpvideo", "video": "{}"}),
    ],
)
def test_a_campaign_takes_up_nothing_of_another_account(
    client: Client, ours: dict[str, Model], theirs: dict[str, Model], label: str, inputs: dict[str, str]
) -> None:
    """Refused in the words for what is gone: no word tells that somebody else has it."""
    before = everything()
    attempts = [
        client.post(ADD, campaign(ours, **{name: value.format(pk) for name, value in inputs.items()}))
        for pk in (theirs[label].pk, 404_404)
    ]

    assert [answer.status_code for answer in attempts] == [200, 200]
    said_of = [[str(line) for line in answer.context["errors"]] for answer in attempts]
    assert said_of[0]
    assert said_of[0] == said_of[1]
    assert THEIRS not in said(attempts[0])
    assert everything() == before


def test_the_same_inputs_with_our_own_rows_make_a_campaign(client: Client, ours: dict[str, Model]) -> None:
    chosen = {"draft": ours["campaigns.draft"].pk, "tag": ours["followers.tag"].pk}

    answer = client.post(ADD, campaign(ours, msgtype="mpnews", audience="tag", **chosen))

    assert answer.status_code == 302
    assert Campaign.objects.get(name="新").draft == ours["campaigns.draft"]


def test_the_form_offers_what_is_ours(client: Client, ours: object, theirs: object) -> None:
    html = said(client.get(ADD))

    assert OURS in html
    assert THEIRS not in html


def test_moving_a_row_needs_the_right_on_both_accounts(
    user: User, client: Client, ours: dict[str, Model], theirs: dict[str, Model]
) -> None:
    """An analyst there may look at their campaigns, but neither bring one here nor take one there."""
    there = theirs["wxcore.officialaccount"]
    Membership.objects.create(account=there, user=user, role=Group.objects.get(name="analyst"))
    change = "/admin/campaigns/campaign/{}/change/".format

    taken = client.post(change(ours["campaigns.campaign"].pk), campaign(ours, account=there.pk))
    brought = client.post(change(theirs["campaigns.campaign"].pk), campaign(ours))

    assert (taken.status_code, brought.status_code) == (200, 403)
    assert Campaign.objects.get(pk=ours["campaigns.campaign"].pk).account_id != there.pk
    assert Campaign.objects.get(pk=theirs["campaigns.campaign"].pk).account_id == there.pk


def test_with_the_right_on_both_it_is_moved(
    user: User, client: Client, ours: dict[str, Model], theirs: dict[str, Model]
) -> None:
    there = theirs["wxcore.officialaccount"]
    Membership.objects.create(account=there, user=user, role=Group.objects.get(name="editor"))
    row = ours["campaigns.campaign"]

    client.post(f"/admin/campaigns/campaign/{row.pk}/change/", campaign(ours, account=there.pk))

    assert Campaign.objects.get(pk=row.pk).account_id == there.pk


def test_an_article_takes_no_cover_of_another_account(
    client: Client, ours: dict[str, Model], theirs: dict[str, Model]
) -> None:
    draft = ours["campaigns.draft"]
    assert isinstance(draft, Draft)
    body = {"version": draft.version, "articles": [{"title": "新", "cover": theirs["campaigns.mediaasset"].pk}]}

    answer = client.post(f"/admin/campaigns/draft/{draft.pk}/save/", body, content_type="application/json")

    assert answer.status_code == 400
    assert THEIRS not in said(answer)


@pytest.mark.parametrize("name", ["account", "campaign", "draft"])
def test_a_filter_by_what_is_theirs_is_one_by_nothing(client: Client, theirs: dict[str, Model], name: str) -> None:
    path = {"account": "campaigns", "campaign": "broadcasts", "draft": "publications"}[name]
    label = {"account": "wxcore.officialaccount", "campaign": "campaigns.campaign", "draft": "campaigns.draft"}[name]

    answers = [client.get(f"/api/v1/{path}/?{name}={pk}") for pk in (theirs[label].pk, 404_404)]

    assert answers[0].status_code == answers[1].status_code == 400
    assert answers[0].json() == answers[1].json()


def test_what_may_be_done_depends_on_the_account_of_the_row(
    user: User, client: Client, ours: dict[str, Model], theirs: dict[str, Model]
) -> None:
    """Editor here, operator there: each button stands on its side only, and each door holds."""
    there = theirs["wxcore.officialaccount"]
    Membership.objects.create(account=there, user=user, role=Group.objects.get(name="operator"))
    here, other = ours["campaigns.broadcast"].pk, theirs["campaigns.broadcast"].pk
    sent = "/admin/campaigns/broadcast/{}/was-sent/".format
    page = "/admin/campaigns/broadcast/{}/change/".format
    draft = "/admin/campaigns/draft/{}/change/".format

    assert sent(here) not in said(client.get(page(here)))
    assert sent(other) in said(client.get(page(other)))
    assert [client.post(sent(pk)).status_code for pk in (here, other)] == [403, 302]
    assert '"may_edit": true' in said(client.get(draft(ours["campaigns.draft"].pk)))
    assert '"may_edit": false' in said(client.get(draft(theirs["campaigns.draft"].pk)))
