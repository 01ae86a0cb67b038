"""An approval is worth what it was given for: any change of content or audience voids it, a change that is undone does
not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from campaigns import audience, content, services, tasks
from campaigns.models import Article, Audience, Broadcast, Campaign, MsgType
from campaigns.states import Status
from followers.models import Follower, Tag
from tests.campaigns.builders import make_asset, make_draft
from tests.campaigns.life.conftest import Person, verbs
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

Change = Callable[[Campaign], object]


@pytest.fixture
def ready(
    strict: OfficialAccount, campaign: Campaign, make_followers: Callable[..., list[Follower]], tag: Tag
) -> Campaign:
    people = make_followers(4, tag=tag)
    audience.replace_list(campaign, [person.openid for person in people])
    return campaign


def approve(campaign: Campaign, person: Person, now: dt.datetime) -> None:
    services.submit(campaign, by=person("author"), now=now)
    services.approve(campaign, by=person("approver"), now=now)


def set_column(name: str, value: object) -> Change:
    return lambda campaign: Campaign.objects.filter(pk=campaign.pk).update(**{name: value})


def to_list(campaign: Campaign) -> None:
    Campaign.objects.update(audience=Audience.LIST)
    campaign.refresh_from_db()


def shorten(campaign: Campaign) -> None:
    campaign.listed_openids.first().delete()


def exchange(campaign: Campaign) -> None:
    """As long as before, with another follower."""
    audience.replace_list(campaign, [*campaign.listed_openids.values_list("openid", flat=True)[1:], "oAnother"])


CHANGES = {
    "text": set_column("text", "别的"),
    "audience": set_column("audience", Audience.LIST),
    "type": set_column("msgtype", MsgType.WXCARD),
    "comments": set_column("need_open_comment", True),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_after_a_change_it_is_a_draft_again(ready: Campaign, person: Person, now: dt.datetime, change: Change) -> None:
    Campaign.objects.update(card_id="pcard")
    ready.refresh_from_db()
    approve(ready, person, now)
    change(ready)

    with pytest.raises(services.ApprovalVoid):
        services.send(Campaign.objects.get(), by=person("operator"), now=now)

    ready.refresh_from_db()
    assert (ready.status, ready.error_code, ready.approved_fingerprint) == (Status.DRAFT, "approval_void", "")
    assert verbs(ready)[-1] == "voided"


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_after_the_schedule_is_noticed_at_the_start(
    ready: Campaign, person: Person, now: dt.datetime, change: Change
) -> None:
    Campaign.objects.update(card_id="pcard")
    ready.refresh_from_db()
    approve(ready, person, now)
    services.send(ready, by=person("operator"), now=now)
    change(ready)

    tasks.tick()

    ready.refresh_from_db()
    assert (ready.status, ready.error_code, ready.scheduled_at) == (Status.DRAFT, "approval_void", None)
    assert not Broadcast.objects.exists()


@pytest.mark.parametrize("change", [shorten, exchange])
def test_another_list_is_another_audience(ready: Campaign, person: Person, now: dt.datetime, change: Change) -> None:
    to_list(ready)
    approve(ready, person, now)
    change(ready)

    with pytest.raises(services.ApprovalVoid):
        services.send(ready, by=person("operator"), now=now)


@pytest.mark.parametrize(("changed", "offered"), [(False, True), (True, False)])
def test_the_page_offers_to_send_what_is_approved_alone(
    ready: Campaign, person: Person, now: dt.datetime, admin_client: Client, changed: bool, offered: bool
) -> None:
    approve(ready, person, now)
    if changed:
        CHANGES["text"](ready)
    html = admin_client.get(f"/admin/campaigns/campaign/{ready.pk}/change/").content.decode()

    assert [f"/{ready.pk}/{name}/" in html for name in ("send", "schedule")] == [offered, offered]
    assert f"/{ready.pk}/preflight/" in html


def test_another_tag_is_another_audience(ready: Campaign, person: Person, now: dt.datetime, tag: Tag) -> None:
    Campaign.objects.update(audience=Audience.TAG, tag=tag)
    ready.refresh_from_db()
    approve(ready, person, now)
    other = Tag.objects.create(account=ready.account, tag_id=128, name="新客", count=2)
    Follower.objects.first().taggings.create(tag=other, confirmed_at=now)
    Campaign.objects.update(tag=other)

    with pytest.raises(services.ApprovalVoid):
        services.send(Campaign.objects.get(), by=person("operator"), now=now)


def test_the_same_pictures_in_another_order_are_another_message(
    ready: Campaign, person: Person, now: dt.datetime
) -> None:
    one, two = (make_asset(ready.account, "image", name) for name in ("一.jpg", "二.jpg"))
    Campaign.objects.update(msgtype=MsgType.IMAGE)
    ready.refresh_from_db()
    content.replace_pictures(ready, [one, two])
    approve(ready, person, now)
    content.replace_pictures(ready, [two, one])

    with pytest.raises(services.ApprovalVoid):
        services.send(ready, by=person("operator"), now=now)


def of_articles(campaign: Campaign) -> None:
    Campaign.objects.update(msgtype=MsgType.MPNEWS, draft=make_draft(campaign.account, "第一篇", "第二篇"))
    campaign.refresh_from_db()


def swap(campaign: Campaign) -> None:
    first, second = Article.objects.order_by("position")
    Article.objects.filter(pk=first.pk).update(position=9)
    Article.objects.filter(pk=second.pk).update(position=1)
    Article.objects.filter(pk=first.pk).update(position=2)


ARTICLE_CHANGES: dict[str, Change] = {
    "title": lambda _: Article.objects.filter(position=1).update(title="另一个标题"),
    "body": lambda _: Article.objects.filter(position=2).update(body="<p>另一个</p>"),
    "cover": lambda campaign: Article.objects.filter(position=1).update(
        cover=make_asset(campaign.account, "image", "别的.jpg")
    ),
    "order": swap,
    "one fewer": lambda _: Article.objects.filter(position=2).delete(),
}


@pytest.mark.parametrize("change", ARTICLE_CHANGES.values(), ids=ARTICLE_CHANGES)
def test_an_article_that_changed_after_the_approval(
    ready: Campaign, person: Person, now: dt.datetime, change: Change
) -> None:
    of_articles(ready)
    approve(ready, person, now)
    change(ready)

    with pytest.raises(services.ApprovalVoid):
        services.send(Campaign.objects.get(), by=person("operator"), now=now)

    assert Campaign.objects.get().status == Status.DRAFT


def test_an_article_that_changes_after_the_schedule_changes_nothing(
    ready: Campaign, person: Person, now: dt.datetime
) -> None:
    of_articles(ready)
    approve(ready, person, now)
    services.send(ready, by=person("operator"), now=now)
    Article.objects.filter(position=1).update(title="另一个标题")

    assert services.start(Campaign.objects.get(), now=now)

    assert Campaign.objects.get().revision.articles[0]["title"] == "第一篇"


def test_off_the_schedule_a_changed_article_counts_again(ready: Campaign, person: Person, now: dt.datetime) -> None:
    of_articles(ready)
    approve(ready, person, now)
    services.schedule(ready, at=now + dt.timedelta(hours=1), by=person("operator"), now=now)
    services.unschedule(ready)
    Article.objects.filter(position=1).update(title="另一个标题")

    with pytest.raises(services.ApprovalVoid):
        services.send(Campaign.objects.get(), by=None, now=now)


@pytest.mark.parametrize(
    ("change", "undo"),
    [
        (set_column("text", "别的"), set_column("text", "你好，群发 👋")),
        (set_column("audience", Audience.LIST), set_column("audience", Audience.ALL)),
    ],
)
def test_a_change_that_is_undone_is_none(
    ready: Campaign, person: Person, now: dt.datetime, change: Change, undo: Change
) -> None:
    approve(ready, person, now)
    change(ready)
    undo(ready)

    services.send(Campaign.objects.get(), by=person("operator"), now=now)

    assert Campaign.objects.get().status == Status.SCHEDULED


def test_an_article_that_is_as_it_was_is_approved_still(ready: Campaign, person: Person, now: dt.datetime) -> None:
    of_articles(ready)
    approve(ready, person, now)
    swap(ready)
    swap(ready)

    services.send(Campaign.objects.get(), by=person("operator"), now=now)

    assert Campaign.objects.get().status == Status.SCHEDULED


def test_the_name_is_for_the_team_and_voids_nothing(ready: Campaign, person: Person, now: dt.datetime) -> None:
    approve(ready, person, now)
    Campaign.objects.update(name="新名字")

    services.send(Campaign.objects.get(), by=person("operator"), now=now)

    assert Campaign.objects.get().status == Status.SCHEDULED
