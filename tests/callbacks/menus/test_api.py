"""Menus through the API."""

from __future__ import annotations

from typing import Any

from rest_framework.test import APIClient

from callbacks import menus
from callbacks.models import Menu
from followers.models import Tag
from tests.callbacks.menus.conftest import CLICK, TREE, VIEW, AtWeChat
from tests.conftest import APPID
from tests.simulator_control import Control
from wxcore.models import OfficialAccount

LIST = "/api/v1/menus/"


def ask(api: APIClient, menu: Menu, verb: str, **given: Any) -> Any:
    return api.post(f"{LIST}{menu.pk}/{verb}/", given, format="json")


def test_one_is_made_for_everybody_and_for_a_tag(api: APIClient, account: OfficialAccount, tag: Tag) -> None:
    first = api.post(LIST, {"account": account.pk, "buttons": TREE}, format="json")
    second = api.post(LIST, {"account": account.pk, "tag": tag.pk}, format="json")
    again = api.post(LIST, {"account": account.pk}, format="json")
    assert (first.status_code, second.status_code, again.status_code) == (201, 201, 409)
    assert second.json()["buttons"] == TREE
    assert again.json()["code"] == "menu_exists"


def test_another_accounts_tag_is_refused(api: APIClient, account: OfficialAccount, tag: Tag) -> None:
    other = OfficialAccount.objects.create(name="别家", slug="other", appid="wx2", secret="s", token="token")
    answer = api.post(LIST, {"account": other.pk, "tag": tag.pk}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "other_accounts_tag")


def test_it_is_saved_in_the_version_that_was_seen(api: APIClient, menu: Menu) -> None:
    address = f"{LIST}{menu.pk}/"
    saved = api.patch(address, {"version": 0, "buttons": [CLICK]}, format="json")
    assert (saved.status_code, saved.json()["version"]) == (200, 1)
    late = api.patch(address, {"version": 0, "buttons": [VIEW]}, format="json")
    assert (late.status_code, late.json()["code"]) == (409, "menu_changed")
    nonsense = api.patch(address, {"version": 1, "buttons": [{"type": "tap"}]}, format="json")
    assert (nonsense.status_code, nonsense.json()["code"]) == (400, "malformed_menu")


def test_problems_are_listed_with_their_places(api: APIClient, menu: Menu) -> None:
    menus.save(menu, [{"name": "更多", "sub_button": [VIEW | {"url": ""}]}], seen_version=0)
    [problem] = api.get(f"{LIST}{menu.pk}/problems/").json()
    assert (problem["place"], problem["field"], problem["code"]) == ("1-1", "url", "button_url_missing")
    refused = ask(api, menu, "publish", version=1)
    assert refused.json()["fields"].keys() == {"buttons[0].sub_button[0].url"}


def test_it_is_published_and_compared(api: APIClient, menu: Menu, at_wechat: AtWeChat, control: Control) -> None:
    published = ask(api, menu, "publish", version=0).json()
    assert published["published"] == at_wechat()["buttons"] == TREE
    assert not published["is_unpublished"]
    control.post("/menu", appid=APPID, button=[CLICK])
    compared = ask(api, menu, "compare").json()
    assert (compared["menu"]["differs"], compared["menu"]["live"]) == (True, [CLICK])


def test_it_is_fetched(api: APIClient, menu: Menu, control: Control) -> None:
    control.post("/menu", appid=APPID, button=[{"type": "text", "name": "地址", "value": "北京"}])
    fetched = ask(api, menu, "fetch", version=0).json()
    assert fetched["menu"]["buttons"] == [{"name": "地址", "type": "click", "key": "menu-1"}]
    assert fetched["notes"][0]["place"] == "1"
    assert not fetched["menu"]["differs"]


def test_a_version_is_brought_back(api: APIClient, menu: Menu) -> None:
    ask(api, menu, "publish", version=0)
    api.patch(f"{LIST}{menu.pk}/", {"version": 0, "buttons": [CLICK]}, format="json")
    [version] = api.get(f"{LIST}{menu.pk}/versions/").json()["results"]
    assert (version["number"], version["buttons"]) == (1, TREE)
    back = ask(api, menu, "roll_back", version=1, number=1).json()
    assert (back["buttons"], back["is_unpublished"]) == (TREE, False)
    assert ask(api, menu, "roll_back", version=2, number=9).status_code == 400


def test_it_is_taken_down_and_deleted(api: APIClient, menu: Menu, at_wechat: AtWeChat) -> None:
    ask(api, menu, "publish", version=0)
    assert ask(api, menu, "take_down").json()["published"] is None
    assert at_wechat()["buttons"] == []
    assert api.delete(f"{LIST}{menu.pk}/").status_code == 204
    assert not Menu.objects.exists()


def test_a_list_asks_as_often_for_many_as_for_one(
    api: APIClient, account: OfficialAccount, django_assert_max_num_queries: Any
) -> None:
    for number in range(8):
        tag = Tag.objects.create(account=account, tag_id=200 + number, name=f"t{number}")
        menu = menus.create(account, tag=tag, buttons=TREE)
        menus.write_version(menu, TREE, by_id=None, at=menu.updated_at)
    with django_assert_max_num_queries(6):
        assert len(api.get(LIST).json()["results"]) == 8
