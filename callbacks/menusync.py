"""Our menus held against WeChat's: what followers see may have been changed in the console, or by another program."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from callbacks import livemenu, menus
from callbacks.buttons import Button
from callbacks.livemenu import Note
from callbacks.models import Menu
from campaigns.models import Publication, RemoteMedia, Target
from followers.models import Tag
from wxcore import accounts, failures
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount
from wxcore.wechat.client import WeChat
from wxcore.wechat.menus import ConditionalMenu

logger = logging.getLogger(__name__)

EVERY = dt.timedelta(days=1)


class NothingLive(OperatorError):
    code = "nothing_live"
    message = _("WeChat has no such menu.")
    fix = _("There is nothing to fetch. Publish ours if followers shall see it.")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a fetch brought: `notes` are for a person to finish, `added` are menus for tags that were not here."""

    notes: list[Note]
    added: int


def check(account: OfficialAccount, *, now: dt.datetime) -> int:
    """This will compare every menu of the account with WeChat's, and end what was left without an end.

    Answers how many of WeChat's menus for a tag are none of ours. Raises what WeChat raises.
    """
    with accounts.connect(account) as wechat:
        of_account = Menu.objects.filter(account=account).select_related("tag", "account")
        for menu in of_account.filter(pending__isnull=False):
            if menu.lease_until is None or menu.lease_until <= now:
                menus.settle(wechat, menu, now=now)
        ours = list(of_account.all())  # as they were before WeChat was asked
        live, conditional = _read(wechat)
    for menu in ours:
        _note(menu, _seen_as(menu, live, conditional), now)
    known = set(Menu.objects.filter(account=account).exclude(menu_id="").values_list("menu_id", flat=True))
    return sum(one.tag_id is not None and one.menu_id not in known for one in conditional)


def compare(menu: Menu, *, now: dt.datetime) -> int:
    """This will compare one menu, and its account's others. Raises what WeChat raises."""
    strangers = check(menu.account, now=now)
    menu.refresh_from_db()
    return strangers


def check_due(now: dt.datetime) -> int:
    """This will compare the menus of the accounts that nobody compared for a day, and count them.

    What keeps one account from it stays on its menus, and the others go on.
    """
    overdue = Q(checked_at=None) | Q(checked_at__lte=now - EVERY)
    abandoned = Q(pending__isnull=False) & (Q(lease_until=None) | Q(lease_until__lte=now))
    due = OfficialAccount.objects.filter(
        is_active=True, pk__in=Menu.objects.filter(overdue | abandoned).values("account")
    )
    for account in due:
        try:
            check(account, now=now)
        except OperatorError as error:
            logger.warning("Menus of account %s: %s", account.pk, error.code)
            Menu.objects.filter(account=account).update(checked_at=now, **failures.columns(error))
    return len(due)


def fetch(menu: Menu, *, by_id: int | None, now: dt.datetime, seen_version: int) -> Fetched:
    """This will put WeChat's menu in the place of ours, as a version of its own.

    Fetching everybody's menu also brings the menus for tags that are not here. Raises NothingLive, MenuChanged,
    MenuBusy, and what WeChat raises.
    """
    with accounts.connect(menu.account) as wechat:
        live, conditional = _read(wechat)
    found = _of(menu, conditional)[-1:] if menu.is_conditional else []
    seen = found[0].buttons if found else live if not menu.is_conditional else []
    if not seen:
        raise NothingLive
    menu_id = found[0].menu_id if found else ""
    with transaction.atomic():
        notes = _take(menu, seen, menu_id, by_id=by_id, now=now, seen_version=seen_version)
        added = 0 if menu.is_conditional else _add_strangers(menu.account, conditional, by_id=by_id, now=now)
    menu.refresh_from_db()
    return Fetched(notes, added)


def _take(
    menu: Menu, seen: list[Button], menu_id: str, *, by_id: int | None, now: dt.datetime, seen_version: int
) -> list[Note]:
    buttons, notes = adopt(menu.account, seen)
    if not menus.free(now).filter(pk=menu.pk).exists():
        raise menus.MenuBusy
    taken = menus.free(now).filter(pk=menu.pk, version=seen_version).update(
        buttons=buttons, version=F("version") + 1, published=seen, published_at=now, live=seen, checked_at=now,
        differs=False, menu_id=menu_id, pending=None, updated_at=now, **failures.columns(None),
    )  # fmt: skip
    if not taken:
        raise menus.MenuChanged
    menus.write_version(menu, buttons, by_id=by_id, at=now)
    return notes


def adopt(account: OfficialAccount, seen: list[Button]) -> tuple[list[Button], list[Note]]:
    """This will be WeChat's buttons as ours, files and articles by our ids where we know them."""
    media = {leaf["media_id"] for leaf in _leaves(seen) if leaf.get("media_id")}
    media |= {leaf["value"] for leaf in _leaves(seen) if leaf.get("value")}
    articles = {leaf["article_id"] for leaf in _leaves(seen) if leaf.get("article_id")}
    copies = RemoteMedia.objects.filter(asset__account=account, target=Target.PERMANENT, media_id__in=media)
    published = Publication.objects.filter(account=account, article_id__in=articles)
    return livemenu.adopt(
        seen,
        assets=dict(copies.values_list("media_id", "asset")),
        publications=dict(published.order_by("pk").values_list("article_id", "pk")),
    )


def _leaves(buttons: list[Button]) -> list[Button]:
    return [leaf for button in buttons for leaf in button.get("sub_button") or [button]]


def _add_strangers(
    account: OfficialAccount, conditional: list[ConditionalMenu], *, by_id: int | None, now: dt.datetime
) -> int:
    """The last of each tag is the one that is seen. Those for other rules stay as they are at WeChat."""
    by_tag = {one.tag_id: one for one in conditional if one.tag_id is not None}
    taken = Menu.objects.filter(account=account, is_conditional=True).values("tag")
    added = 0
    for tag in Tag.objects.filter(account=account, tag_id__in=by_tag).exclude(pk__in=taken):
        found = by_tag[tag.tag_id]
        menu = Menu.objects.create(account=account, tag=tag, is_conditional=True)
        _take(menu, found.buttons, found.menu_id, by_id=by_id, now=now, seen_version=0)
        added += 1
    return added


def _read(wechat: WeChat) -> tuple[list[Button], list[ConditionalMenu]]:
    live, made = wechat.menus.live(), wechat.menus.get()
    return (live.buttons if live.is_open else []), (made.conditional if made else [])


def _of(menu: Menu, conditional: list[ConditionalMenu]) -> list[ConditionalMenu]:
    """By its id, else those for its tag: the last one of these is the one that is seen."""
    named = [one for one in conditional if menu.menu_id and one.menu_id == menu.menu_id]
    return named or menus.of_tag(conditional, menu)


def _seen_as(menu: Menu, live: list[Button], conditional: list[ConditionalMenu]) -> list[Button] | None:
    if not menu.is_conditional:
        return live or None
    for one in conditional:
        if menu.menu_id and one.menu_id == menu.menu_id:
            return one.buttons
    return None


def _note(menu: Menu, seen: list[Button] | None, now: dt.datetime) -> None:
    """Unless it was published in between: then what was read is of yesterday."""
    same = menus.free(now).filter(pk=menu.pk, published_at=menu.published_at, menu_id=menu.menu_id)
    same.update(live=seen, differs=seen != menu.published, checked_at=now)


def media_ids(account: OfficialAccount, assets: Collection[int]) -> dict[int, str]:
    """This will be WeChat's permanent ids of those of the files that it has."""
    copies = RemoteMedia.objects.filter(asset__account=account, asset__in=assets, target=Target.PERMANENT)
    return dict(copies.exclude(media_id="").values_list("asset", "media_id"))
