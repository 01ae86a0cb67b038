"""The calendar is used in a real browser: dragged, undone, moved by keyboard, refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from campaigns.models import Audience, Campaign
from campaigns.states import Status
from wxcore.models import OfficialAccount

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHANGHAI = ZoneInfo("Asia/Shanghai")
# The tenth of the month after next: always to come, and always with its neighbours in the same month.
TENTH = (timezone.localdate().replace(day=1) + dt.timedelta(days=62)).replace(day=10)


@dataclass
class Site:
    """Made before the browser starts, for then the database is out of reach."""

    url: str
    session: str
    moved: int


def day(number: int) -> str:
    return TENTH.replace(day=number).isoformat()


@pytest.fixture
def site(live_server: Any, admin_client: Client, account: OfficialAccount) -> Site:
    def plan(name: str, number: int, hour: int, **fields: Any) -> Campaign:
        at = dt.datetime.combine(TENTH.replace(day=number), dt.time(hour), SHANGHAI)
        given = {"account": account, "text": "x", "status": Status.SCHEDULED, "audience": Audience.LIST}
        return Campaign.objects.create(name=name, scheduled_at=at, **given | fields)

    moved = plan("周年庆", 10, 20)
    plan("会员日", 14, 20)
    plan("旧闻", 11, 9, status=Status.FINISHED)
    Campaign.objects.create(account=account, name="等时间的", text="x", status=Status.APPROVED)
    return Site(live_server.url, admin_client.cookies["sessionid"].value, moved.pk)


@pytest.fixture
def calendar(site: Site, page: Page) -> Page:
    page.context.add_cookies([{"name": "sessionid", "value": site.session, "url": site.url}])
    page.goto(f"{site.url}/admin/campaigns/campaign/calendar/?view=month&date={TENTH}")
    expect(page.locator("#calendar")).to_have_attribute("aria-busy", "false")
    return page


def event_on(page: Page, number: int, name: str = "周年庆") -> Any:
    return page.locator(f".fc-daygrid-day[data-date='{day(number)}'] .fc-event", has_text=name)


def drag(page: Page, source: Any, target: Any) -> None:
    """FullCalendar follows the pointer: it must move in steps, and rest on its target."""
    start, end = source.bounding_box(), target.bounding_box()
    page.mouse.move(start["x"] + 20, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(start["x"] + 40, start["y"] + start["height"] / 2, steps=4)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=12)
    page.mouse.up()


def drag_to(page: Page, number: int, source: int = 10) -> None:
    drag(page, event_on(page, source), page.locator(f".fc-daygrid-day[data-date='{day(number)}']"))


def test_a_campaign_is_dragged_to_another_day_and_back(calendar: Page, site: Site) -> None:
    drag_to(calendar, 12)

    dialog = calendar.locator("#c-move")
    expect(dialog).to_contain_text("周年庆")
    expect(dialog.locator("[data-fact=from]")).to_contain_text("20:00")
    expect(dialog).to_contain_text("没有冲突")
    dialog.locator("[value=move]").click()

    expect(calendar.locator("#c-toast")).to_contain_text("将于")
    expect(event_on(calendar, 12)).to_be_visible()
    calendar.reload()
    expect(event_on(calendar, 12)).to_contain_text("20:00")

    drag_to(calendar, 13, source=12)
    dialog.locator("[value=move]").click()
    calendar.locator("#c-toast button").click()
    expect(calendar.locator("#c-toast")).to_contain_text("已改回原时间")
    expect(event_on(calendar, 12)).to_be_visible()


def test_a_conflict_is_named_before_the_move_and_cancel_puts_it_back(calendar: Page) -> None:
    drag_to(calendar, 14)

    dialog = calendar.locator("#c-move")
    expect(dialog).to_contain_text("会员日 (20:00)")
    calendar.keyboard.press("Escape")

    expect(event_on(calendar, 10)).to_be_visible()
    expect(event_on(calendar, 14, "会员日")).to_have_count(1)


def test_what_was_sent_stays_where_it_is(calendar: Page) -> None:
    drag(calendar, event_on(calendar, 11, "旧闻"), calendar.locator(f".fc-daygrid-day[data-date='{day(13)}']"))

    expect(event_on(calendar, 11, "旧闻")).to_be_visible()
    expect(calendar.locator("#c-move")).to_be_hidden()


def test_somebody_who_was_faster_is_named_and_the_calendar_is_right_again(calendar: Page, site: Site) -> None:
    drag_to(calendar, 12)
    # Another tab of the same person: while Playwright's loop runs, this test cannot reach the database.
    other = calendar.context.new_page()
    other.goto(f"{site.url}/admin/campaigns/campaign/{site.moved}/move/")
    other.fill("#id_at", f"{day(16)}T20:00")
    other.locator("#id_at").dispatch_event("change")
    expect(other.locator("#timing")).to_contain_text("没有冲突")
    other.locator(".q-confirm [type=submit]").click()
    expect(other.locator("body")).to_contain_text("已改期")

    calendar.locator("#c-move [value=move]").click()

    expect(calendar.locator("#c-toast")).to_contain_text("其他人已将")
    expect(event_on(calendar, 16)).to_be_visible()


def test_the_keyboard_opens_and_moves(calendar: Page, site: Site) -> None:
    event_on(calendar, 10).focus()
    calendar.keyboard.press("m")
    calendar.wait_for_url(f"**/{site.moved}/move/")
    expect(calendar.locator("#id_at")).to_have_value(f"{day(10)}T20:00")

    calendar.go_back()
    event_on(calendar, 10).focus()
    calendar.keyboard.press("Enter")
    calendar.wait_for_url(f"**/{site.moved}/change/")


def test_an_empty_day_offers_what_is_approved_and_a_new_campaign(calendar: Page) -> None:
    calendar.locator(f".fc-daygrid-day[data-date='{day(18)}']").click()

    dialog = calendar.locator("#c-day")
    expect(dialog).to_contain_text("等时间的")
    dialog.get_by_text("新建群发任务").click()
    calendar.wait_for_url("**/campaign/add/?at=*")


def test_a_phone_gets_the_list(site: Site, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.context.add_cookies([{"name": "sessionid", "value": site.session, "url": site.url}])
    page.goto(f"{site.url}/admin/campaigns/campaign/calendar/?date={TENTH}")

    row = page.locator(".fc-list-event", has_text="周年庆")
    expect(row).to_be_visible()
    row.locator(".c-move").click()
    page.wait_for_url(f"**/{site.moved}/move/")


def test_usual_times_fill_the_field_and_conflicts_appear_at_once(site: Site, page: Page) -> None:
    page.context.add_cookies([{"name": "sessionid", "value": site.session, "url": site.url}])
    page.goto(f"{site.url}/admin/campaigns/campaign/{site.moved}/move/")

    page.locator("[data-at]").last.click()
    expect(page.locator("#id_at")).to_have_value(page.locator("[data-at]").last.get_attribute("data-at") or "")
    expect(page.locator("#timing")).to_contain_text("没有冲突")
    page.fill("#id_at", f"{day(14)}T23:00")
    expect(page.locator("#timing")).to_contain_text("会员日")
    expect(page.locator("#timing")).to_contain_text("深夜")
