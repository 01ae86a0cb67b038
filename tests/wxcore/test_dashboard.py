"""The dashboard's page: words and addresses, and nothing of the database. What it shows comes through the API."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import resolve

from campaigns.models import Campaign
from tests.people import logged_in, member
from wxcore import dashboard, dashboard_words

SCRIPTS = Path(settings.BASE_DIR, "wxcore/static/wxcore/dashboard")
DATA = re.compile(r'<script id="dashboard-data" type="application/json">(.*?)</script>', re.DOTALL)


def page_data(client: Client) -> dict[str, dict[str, str]]:
    found = DATA.search(client.get("/").content.decode())
    assert found
    return json.loads(found[1])


def scripts() -> str:
    return "\n".join(path.read_text() for path in sorted(SCRIPTS.glob("*.js")))


def test_it_is_for_who_is_logged_in(db: None) -> None:
    answer = Client().get("/")

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/admin/login/?next=/")


def test_nothing_of_the_database_is_in_it(campaign: Campaign, django_assert_num_queries: object) -> None:
    client = logged_in(member(campaign.account, "administrator", "visitor"))
    with django_assert_num_queries(2):  # the session, and whose it is
        html = client.get("/").content.decode()

    assert campaign.name not in html
    assert campaign.account.name not in html
    assert "visitor" not in html


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "需要处理"), ("en", "Needs attention")])
def test_it_speaks_the_chosen_language(staff_user: User, language: str, words: str) -> None:
    client = logged_in(staff_user)
    client.cookies["django_language"] = language
    html = client.get("/").content.decode()

    assert f'<html lang="{language}">' in html
    assert words in html


def test_every_address_that_it_is_given_leads_somewhere(staff_user: User) -> None:
    links = page_data(logged_in(staff_user))["links"]

    for address in [*links["rows"].values(), *links["places"].values()]:
        resolve(address)


def test_it_is_never_kept_by_a_cache(staff_user: User) -> None:
    assert "no-store" in logged_in(staff_user).get("/").headers["Cache-Control"]


def test_it_is_only_read(staff_user: User) -> None:
    assert logged_in(staff_user).post("/").status_code == 405


def test_every_word_that_a_script_writes_is_there() -> None:
    written = set(re.findall(r'\btn?\("(\w+)"', scripts()))

    assert len(written) > 40
    assert written - dashboard_words.words().keys() == set()


def test_no_word_is_there_for_nothing() -> None:
    made = re.compile(r"(status|level|theme|step)_|.*_one$")
    code = scripts()

    assert [name for name in dashboard_words.words() if f'"{name}"' not in code and not made.match(name)] == []


def test_every_script_is_loaded_by_its_hashed_name() -> None:
    """The import map names them: a browser would keep an old one of a name without a hash."""
    files = {path.stem for path in SCRIPTS.glob("*.js")} - {"first", "main"}

    assert files == set(dashboard.MODULES)
    assert set(re.findall(r'from "dashboard/(\w+)"', scripts())) <= files


@pytest.mark.parametrize(
    "door", ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "DOMParser"]
)
def test_no_script_makes_html_of_data(door: str) -> None:
    assert door not in scripts()


def test_nothing_is_loaded_from_elsewhere() -> None:
    template = Path(settings.BASE_DIR, "templates/dashboard.html").read_text()
    everything = scripts() + template + (SCRIPTS / "dashboard.css").read_text()

    assert set(re.findall(r"(?:https?:)?//[\w.-]+\.\w+", everything)) <= {"http://www.w3.org"}


def test_the_admin_leads_to_it(admin_client: Client) -> None:
    sidebar = admin_client.get("/admin/").content.decode()

    assert 'href="/"' in sidebar
    assert "概览" in sidebar
