"""The demo account comes with somebody of each role."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from tests.simulator_control import Control


def demo_data(control: Control) -> None:
    call_command("demo_data", simulator=control.url, site="http://127.0.0.1:9", followers=3)


def test_somebody_of_each_role_can_log_in(db: None, control: Control, settings: Settings, tmp_path) -> None:
    settings.DATA_DIR = tmp_path
    demo_data(control)

    for name in ("editor", "approver", "operator", "analyst"):
        assert Client().login(username=name, password=name)
        user = User.objects.get(username=name)
        assert not user.is_superuser
        assert list(user.memberships.values_list("account__slug", "role__name")) == [("demo", name)]


def test_they_do_not_come_back_once_they_are_gone(db: None, control: Control, settings: Settings, tmp_path) -> None:
    settings.DATA_DIR = tmp_path
    demo_data(control)
    User.objects.get(username="editor").delete()

    demo_data(control)

    assert not User.objects.filter(username="editor").exists()
