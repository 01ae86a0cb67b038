"""Staff with the right see the periodic tasks and switch them; whoever plans is told what is switched off."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask, PeriodicTasks
from django_celery_beat.schedulers import ModelEntry

from tests.people import permit
from wxcore.admin.periodic_words import WORDS
from wxcore.celery import app
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

LIST = "/admin/django_celery_beat/periodictask/"
HOME = "/admin/"


@pytest.fixture
def tick(db: None) -> PeriodicTask:
    second = IntervalSchedule.objects.create(every=1, period="seconds")
    return PeriodicTask.objects.create(name="campaigns.tick", task="campaigns.tick", interval=second)


def switch(client: Client, task: PeriodicTask, action: str) -> str:
    data = {"action": action, "_selected_action": [task.pk]}
    return client.post(LIST, data, follow=True).content.decode()


@pytest.fixture(autouse=True)
def _account(account: OfficialAccount) -> None:
    """Rights come with a membership."""


def allowed(user: User, *codenames: str) -> Client:
    permit(user, *codenames)
    client = Client()
    client.force_login(user)
    return client


def test_every_task_of_the_schedule_is_explained() -> None:
    tasks = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert sorted(tasks - WORDS.keys()) == []


def test_a_name_and_a_rhythm_are_words(admin_client: Client, tick: PeriodicTask) -> None:
    night = CrontabSchedule.objects.create(minute="30", hour="19", timezone="UTC")
    PeriodicTask.objects.create(name="followers.sync_all", task="followers.sync_all", crontab=night)

    html = admin_client.get(LIST).content.decode()

    assert all(words in html for words in ("发送群发任务", "每秒", "每天 03:30", "每晚同步所有公众号"))


def test_a_task_is_switched_off_and_on(admin_client: Client, tick: PeriodicTask) -> None:
    before = PeriodicTasks.last_change()

    html = switch(admin_client, tick, "disable_tasks")

    tick.refresh_from_db()
    assert (tick.enabled, "不会有群发任务开始" in html) == (False, True)
    assert PeriodicTasks.last_change() != before  # or beat would go on with what it has read
    switch(admin_client, tick, "enable_tasks")
    tick.refresh_from_db()
    assert tick.enabled


def test_who_may_only_look_switches_nothing(staff_user: User, tick: PeriodicTask) -> None:
    viewer = allowed(staff_user, "view_periodictask")

    switch(viewer, tick, "disable_tasks")

    tick.refresh_from_db()
    assert tick.enabled
    assert viewer.get(f"{LIST}{tick.pk}/change/").status_code == 200


def test_the_start_page_says_what_is_switched_off(staff_user: User, tick: PeriodicTask) -> None:
    planner = allowed(staff_user, "view_campaign")
    assert "发送群发任务" not in planner.get(HOME).content.decode()

    PeriodicTask.objects.update(enabled=False)

    html = planner.get(HOME).content.decode()
    assert "不会有群发任务开始" in html
    assert LIST not in html


def test_a_restart_of_beat_does_not_switch_it_on(tick: PeriodicTask) -> None:
    PeriodicTask.objects.update(enabled=False)

    ModelEntry.from_entry("campaigns.tick", app=app, **settings.CELERY_BEAT_SCHEDULE["campaigns.tick"])

    assert not PeriodicTask.objects.get(task="campaigns.tick").enabled
