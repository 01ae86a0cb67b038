"""A file that a button sends says so, and is not deleted while followers can ask for it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from callbacks import menus
from callbacks.models import Menu
from campaigns import library, mediause
from campaigns.models import MediaAsset
from wxcore.simulator import samples


@pytest.fixture
def poster(menu: Menu) -> MediaAsset:
    asset = library.store_bytes(menu.account, samples.picture(1), name="海报.jpg").asset
    menus.save(menu, [{"name": "海报", "type": "media_id", "asset": asset.pk}], seen_version=0)
    return asset


def test_a_menu_is_named_among_the_uses(menu: Menu, poster: MediaAsset) -> None:
    [use] = mediause.usage(poster)
    assert (use.row, use.holds) == (menu, False)
    assert use.url == f"/admin/callbacks/menu/{menu.pk}/change/"
    assert mediause.counts([poster]) == {poster.pk: 1}


def test_a_published_menu_holds_its_file(menu: Menu, poster: MediaAsset) -> None:
    menus.publish(menu, by=None, now=timezone.now())
    with pytest.raises(mediause.FileInUse):
        mediause.delete(poster, at_wechat=False)


def test_an_unpublished_one_is_unfinished_without_it(menu: Menu, poster: MediaAsset) -> None:
    mediause.delete(poster, at_wechat=False)
    with pytest.raises(menus.MenuUnfinished) as caught:
        menus.publish(menu, by=None, now=timezone.now())
    assert "buttons[0].asset" in caught.value.fields
