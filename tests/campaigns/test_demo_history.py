"""The demo's campaign of last week was really sent, and both sides say the same of it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from campaigns import readership
from campaigns.management import demo_history
from campaigns.models import Campaign
from campaigns.states import Status
from followers.models import Follower
from tests.conftest import APPID, TOKEN
from tests.simulator_control import SHANGHAI, Control
from wxcore.models import OfficialAccount

# A sync asks from threads, each with a connection of its own.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def created(wechat_account: OfficialAccount, control: Control) -> Campaign:
    control.account(APPID, callback_url="http://127.0.0.1:9/", token=TOKEN)
    control.followers(APPID, 2000)
    campaign = demo_history.create(wechat_account, simulator=control.url)
    return Campaign.objects.with_figures().select_related("revision").get(pk=campaign.pk)


def test_it_was_sent_days_ago_on_both_sides(created: Campaign, control: Control) -> None:
    (job,) = control.jobs(APPID)
    ago = timezone.now() - demo_history.AGO
    assert created.status == Status.FINISHED
    assert (created.sent_count, created.total_count) == (job["sent"], job["total"]) == (2000, 2000)
    assert Follower.objects.count() == 2000
    times = [created.created_at, created.started_at, created.finished_at, created.broadcasts.get().submitted_at]
    times += [event.at for event in created.events.all()]
    times.append(dt.datetime.fromtimestamp(job["finished"], SHANGHAI))
    assert all(abs(at - ago) < dt.timedelta(minutes=5) for at in times)


def test_its_statistics_are_there(created: Campaign) -> None:
    found = readership.of(created)
    assert [article.title for article in found.articles] == [title for title, _colour, _text in demo_history.ARTICLES]
    assert all(article.readers for article in found.articles)
    assert len(found.articles[0].days) >= 4


def test_nobody_is_pushed_a_result_of_today(created: Campaign, control: Control) -> None:
    assert {push["state"] for push in control.pushes(APPID)} <= {"lost"}
