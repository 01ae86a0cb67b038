"""Django's own pages speak like the rest: who changed what, what a deletion takes along, how a task runs."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils.translation import override
from django_celery_beat.models import ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule

from wxcore.admin.periodic_words import in_words
from wxcore.models import Membership, OfficialAccount
from wxcore.templatetags.spacing import spaced

pytestmark = pytest.mark.django_db

BEAT = "/admin/django_celery_beat/"


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def tab(html: str) -> str:
    """This will be what the tab of the browser says."""
    return re.search(r"<title>(.*?)</title>", html, re.DOTALL)[1].strip()


@pytest.fixture
def colleague(django_user_model: type[User]) -> User:
    return django_user_model.objects.create_user("lin", password="correct horse battery", is_staff=True)


@pytest.fixture
def second() -> IntervalSchedule:
    return IntervalSchedule.objects.create(every=1, period="seconds")


def test_the_history_says_who_changed_what(admin_client: Client, account: OfficialAccount) -> None:
    admin_client.post("/admin/auth/group/add/", {"name": "客服"})
    role = Group.objects.get(name="客服")

    html = page(admin_client, f"/admin/auth/group/{role.pk}/history/")

    assert all(words in html for words in ("操作记录", "已创建。", "admin"))


def test_an_empty_history_says_what_it_is(admin_client: Client, colleague: User) -> None:
    assert "谁在什么时候改了什么" in page(admin_client, f"/admin/auth/user/{colleague.pk}/history/")


def test_a_deletion_says_what_goes_with_it(admin_client: Client, second: IntervalSchedule) -> None:
    PeriodicTask.objects.create(name="campaigns.tick", task="campaigns.tick", interval=second)
    address = f"{BEAT}intervalschedule/{second.pk}/delete/"

    html = page(admin_client, address)

    assert all(words in html for words in ("删除这个固定间隔？", "每秒", "不再执行。此操作无法撤销。", "定时任务 · 1"))
    assert "固定间隔 · 1" not in html  # itself, of which the heading speaks
    assert "<li>发送群发任务</li>" in html
    assert "campaigns.tick" not in html
    admin_client.post(address, {"post": "yes"})
    assert not PeriodicTask.objects.exists()


def test_who_is_deleted_loses_roles(admin_client: Client, account: OfficialAccount, colleague: User) -> None:
    Membership.objects.create(account=account, user=colleague, role=Group.objects.get(name="editor"))

    html = page(admin_client, f"/admin/auth/user/{colleague.pk}/delete/")

    assert "在各公众号上的角色 · 1" in html
    assert "成员 · 1" not in html


def test_what_is_still_needed_is_not_deleted(admin_client: Client, account: OfficialAccount, colleague: User) -> None:
    role = Group.objects.create(name="客服")
    Membership.objects.create(account=account, user=colleague, role=role)
    address = f"/admin/auth/group/{role.pk}/delete/"

    assert "“客服”无法删除" in page(admin_client, address)
    admin_client.post(address, {"post": "yes"})
    assert Group.objects.filter(pk=role.pk).exists()


def test_several_rows_are_deleted_after_a_question(admin_client: Client, second: IntervalSchedule) -> None:
    chosen = {"action": "delete_selected", "_selected_action": [second.pk]}

    asked = admin_client.post(f"{BEAT}intervalschedule/", chosen).content.decode()

    assert "删除选中的固定间隔？" in asked
    admin_client.post(f"{BEAT}intervalschedule/", chosen | {"post": "yes"})
    assert not IntervalSchedule.objects.exists()


def test_the_button_has_no_space_between_chinese_words(admin_client: Client, colleague: User) -> None:
    html = page(admin_client, f"/admin/auth/user/{colleague.pk}/change/")

    assert "删除用户" in html
    assert "删除 用户" not in html


def test_a_persons_page_does_not_show_the_hash(admin_client: Client, colleague: User) -> None:
    html = page(admin_client, f"/admin/auth/user/{colleague.pk}/change/")

    assert "••••" in html
    assert colleague.password.split("$")[0] not in html  # the algorithm


def test_a_task_is_called_by_what_it_does(admin_client: Client, second: IntervalSchedule) -> None:
    task = PeriodicTask.objects.create(name="campaigns.tick", task="campaigns.tick", interval=second)

    html = page(admin_client, f"{BEAT}periodictask/{task.pk}/change/")

    assert [words.strip() for words in re.findall(r'q-crumb"[^>]*>([^<]+)<', html)] == ["定时任务", "发送群发任务"]
    assert tab(html) == "发送群发任务 | 修改定时任务 | Qunfa 群发"
    assert "四种计划只填一种" in html
    history = page(admin_client, f"{BEAT}periodictask/{task.pk}/history/")
    assert tab(history) == "发送群发任务 | 操作记录 | Qunfa 群发"


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (IntervalSchedule(every=2, period="hours"), "每 2 小时"),
        (IntervalSchedule(every=1, period="days"), "每天"),
        (IntervalSchedule(every=90, period="seconds"), "每 90 秒"),
        (CrontabSchedule(minute="17"), "每小时第 17 分钟"),
        (CrontabSchedule(minute="30", hour="19", timezone="UTC"), "每天 03:30"),
        (CrontabSchedule(minute="0", hour="9", day_of_week="1", timezone="UTC"), "0 9 * * 1 (UTC)"),
        (ClockedSchedule(clocked_time=dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)), "仅一次，2026年12月1日 20:00"),
        (SolarSchedule(event="sunset", latitude=31.2, longitude=121.5), "日落（31.2, 121.5）"),
    ],
)
def test_every_kind_of_schedule_is_words(schedule: Any, words: str) -> None:
    with override("zh-hans"):
        assert in_words(schedule) == words


def test_a_new_fixed_time_is_meant_on_the_wall_of_the_site(admin_client: Client) -> None:
    form = admin_client.get(f"{BEAT}crontabschedule/add/").context["adminform"].form

    assert str(form["timezone"].value()) == "Asia/Shanghai"


@pytest.mark.parametrize("kind", ["intervalschedule", "crontabschedule", "solarschedule", "clockedschedule"])
def test_the_schedules_belong_to_the_periodic_tasks(admin_client: Client, kind: str) -> None:
    sidebar = admin_client.get(f"{BEAT}{kind}/").context["sidebar_navigation"]
    active = [item["title"] for group in sidebar for item in group["items"] if item["active"]]

    assert active == ["定时任务"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("删除Webhook", "删除 Webhook"),
        ("共 2 个API 令牌", "共 2 个 API 令牌"),
        ("删除 群发任务", "删除群发任务"),
        ("不再执行。 此操作", "不再执行。此操作"),
        ("Delete tag", "Delete tag"),
    ],
)
def test_chinese_and_latin_words_stand_apart(text: str, shown: str) -> None:
    assert spaced(text) == shown
