"""Who did what, when, and from which door: every deed leaves one line, a refused one none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from campaigns import history, services, tasks
from campaigns.models import Campaign, CampaignEvent, Door, Verb
from campaigns.states import NotAllowedNow, Status
from followers.models import Follower
from tests.campaigns.life.conftest import CALLS, Person, report, submit, verbs
from tests.simulator_control import Control
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def lines(campaign: Campaign) -> list[tuple[str, str | None, str, str]]:
    return [
        (event.verb, event.by and event.by.username, event.door, event.status)
        for event in campaign.events.order_by("pk").select_related("by")
    ]


def test_the_whole_way_of_three_people(
    strict: OfficialAccount,
    campaign: Campaign,
    make_followers: Callable[..., list[Follower]],
    person: Person,
    now: dt.datetime,
) -> None:
    make_followers(3)
    editor, approver, operator = person("editor"), person("approver"), person("operator")

    services.save_draft(campaign, by=editor, door=Door.ADMIN)
    services.submit(campaign, by=editor, now=now, door=Door.ADMIN)
    services.reject(campaign, reason="太长", by=approver, door=Door.API)
    services.submit(campaign, by=editor, now=now, door=Door.ADMIN)
    services.approve(campaign, by=approver, now=now, door=Door.ADMIN)
    services.schedule(campaign, at=now + HOUR, by=operator, now=now, heads=3, door=Door.ADMIN)
    services.reschedule(campaign, at=now + 2 * HOUR, by=operator, now=now, door=Door.API)
    services.unschedule(campaign, by=operator, door=Door.ADMIN)
    services.send(campaign, by=operator, now=now, heads=3, door=Door.API)
    services.start(campaign, now=now)

    assert lines(campaign) == [
        ("edited", "editor", "admin", "draft"),
        ("submitted", "editor", "admin", "in_review"),
        ("rejected", "approver", "api", "draft"),
        ("submitted", "editor", "admin", "in_review"),
        ("approved", "approver", "admin", "approved"),
        ("scheduled", "operator", "admin", "scheduled"),
        ("rescheduled", "operator", "api", "scheduled"),
        ("unscheduled", "operator", "admin", "approved"),
        ("scheduled", "operator", "api", "scheduled"),
        ("started", None, "system", "sending"),
    ]


def test_the_end_is_a_line_as_well(several: Campaign) -> None:
    for broadcast in submit(several, CALLS):
        report(broadcast)

    assert verbs(several)[-1] == "finished"
    assert several.events.first().status == Status.FINISHED


def test_it_is_written_once_though_the_result_comes_twice(several: Campaign) -> None:
    for broadcast in submit(several, CALLS) * 2:
        report(broadcast)
    tasks.tick()

    assert verbs(several).count("finished") == 1


def test_a_pause_by_itself_says_why(several: Campaign, control: Control) -> None:
    control.fault("/cgi-bin/message/mass/send", errcode=45009)

    submit(several)

    event = several.events.first()
    assert (event.verb, event.by, event.door) == ("paused", None, "system")
    assert "45009" in event.note


def test_what_was_refused_leaves_no_line(campaign: Campaign, admin_user: User) -> None:
    for verb in (services.pause, services.unschedule, services.take_back):
        with pytest.raises(NotAllowedNow):
            verb(campaign, by=admin_user)

    assert not CampaignEvent.objects.exists()


def test_a_very_long_reason_is_kept_as_far_as_there_is_room(campaign: Campaign) -> None:
    event = history.record(campaign, Verb.REJECTED, note="长" * 5_000)

    event.refresh_from_db()
    assert event.note == "长" * history.LONGEST_NOTE


def test_it_outlives_who_did_it(campaign: Campaign, person: Person) -> None:
    somebody = person("gone")
    services.save_draft(campaign, by=somebody, door=Door.ADMIN)

    somebody.delete()

    assert lines(campaign) == [("edited", None, "admin", "draft")]


def test_it_is_read_newest_first(several: Campaign) -> None:
    services.pause(several)
    services.resume(several, now=timezone.now())

    assert [event.verb for event in several.events.all()[:2]] == ["resumed", "paused"]
