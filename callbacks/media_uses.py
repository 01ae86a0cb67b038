"""Which reply rules and menus use a file of the media library, for the pages on which it is shown or deleted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from callbacks import buttons as menu_buttons
from callbacks.models import Menu, ReplyRule
from campaigns.mediause import SHOWN, Use
from campaigns.models import MediaAsset


def find(asset: MediaAsset) -> Iterator[Use]:
    """This will be the rules and menus that send the file. Rules hold it, active or not: an answer would lose its file.
    So does a published menu: WeChat deletes nothing that a button sends."""
    for rule in ReplyRule.objects.filter(asset=asset).order_by("position", "pk")[:SHOWN]:
        yield Use(_("reply rule"), rule.name, rule, True)
    for menu in _menus([asset.account_id]):
        if asset.pk in menu_buttons.ids(menu.buttons, "asset"):
            yield Use(_("menu"), str(menu), menu, menu.published is not None)


def count(ids: Sequence[int]) -> Mapping[int, int]:
    """This will be how many rules and menus send each of the files."""
    rows = ReplyRule.objects.filter(asset__in=ids).order_by().values_list("asset").annotate(Count("pk"))
    found = Counter({asset: number for asset, number in rows if asset is not None})
    accounts = MediaAsset.objects.filter(pk__in=ids).order_by().values_list("account", flat=True).distinct()
    for menu in _menus(list(accounts)):
        found.update(menu_buttons.ids(menu.buttons, "asset") & set(ids))
    return found


def _menus(accounts: Sequence[int]) -> Iterator[Menu]:
    """An account has a menu for everybody, and at most one for each of its hundred tags."""
    return Menu.objects.filter(account__in=accounts).select_related("tag").order_by("pk").iterator()
