"""One menu: save it, publish it, hold it against WeChat's, take it down.

Publishing is announced on the row before the request (`pending`), under a lease. Whoever finds an announcement without
an end looks at WeChat for what it left behind: menu/create may be repeated, but a conditional menu would be made twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from callbacks import buttons as menu_buttons
from callbacks.buttons import Button
from callbacks.menuchecks import MenuUnfinished, problems
from callbacks.models import Menu, MenuVersion
from campaigns import uploading
from campaigns.models import MediaAsset, Publication
from campaigns.services import AccountInactive
from followers.models import Tag
from wxcore import accounts, failures, webhooks
from wxcore.errors import Conflict, OperatorError, Retry
from wxcore.models import OfficialAccount
from wxcore.wechat.client import WeChat
from wxcore.wechat.errors import UnknownMenu, WeChatError
from wxcore.wechat.menus import ConditionalMenu, normal


class MenuChanged(Conflict):
    code = "menu_changed"
    message = _("The menu was changed elsewhere in the meantime.")
    fix = _("Reload the page to see it; what you changed here is not saved.")


class MenuBusy(Conflict):
    code = "menu_busy"
    message = _("The menu is being published at this moment.")
    fix = _("Wait a minute and try again.")
    retry = Retry.WAIT


class NoDefaultMenu(OperatorError):
    code = "no_default_menu"
    message = _("A menu for a tag needs a menu for everybody, and none is published.")
    fix = _("Publish the menu for everybody first.")


class MenuTagGone(OperatorError):
    code = "menu_tag_gone"
    message = _("The tag of this menu no longer exists.")
    fix = _("Delete this menu, and make one for another tag.")


class MenuExists(Conflict):
    code = "menu_exists"
    message = _("There is a menu for this tag already.")
    fix = _("Change that one.")


def create(account: OfficialAccount, *, tag: Tag | None, buttons: Sequence[Button] = ()) -> Menu:
    """This will be a new menu, for everybody or for a tag; one for a tag begins as everybody's without `buttons`.

    Raises MenuExists.
    """
    wanted = menu_buttons.clean(list(buttons))
    if tag is not None and not wanted:
        default = Menu.objects.filter(account=account, is_conditional=False).first()
        wanted = default.buttons if default else []
    menu, made = Menu.objects.get_or_create(
        account=account, is_conditional=tag is not None, tag=tag, defaults={"buttons": wanted}
    )
    if not made:
        raise MenuExists
    return menu


def save(menu: Menu, raw: object, *, seen_version: int) -> Menu:
    """This will store the buttons, finished or not; what is unchanged changes nothing.

    Raises MenuChanged if the menu has another version than `seen_version`, and MalformedMenu.
    """
    wanted = menu_buttons.clean(raw)
    rows = Menu.objects.filter(pk=menu.pk, version=seen_version)
    if rows.exclude(buttons=wanted).update(buttons=wanted, version=F("version") + 1, updated_at=timezone.now()):
        menu.refresh_from_db()
        return menu
    menu.refresh_from_db()
    # Also the repetition of a save whose answer was lost on its way.
    if menu.buttons != wanted:
        raise MenuChanged(fields={"version": str(menu.version)})
    return menu


def roll_back(menu: Menu, version: MenuVersion, *, seen_version: int) -> Menu:
    """This will put a version into the editor again; nothing is published. Raises like `save`."""
    return save(menu, version.buttons, seen_version=seen_version)


def with_newest(menus: QuerySet[Menu]) -> QuerySet[Menu]:
    """This will be the menus with the buttons of their newest version as `newest`, so that a list asks once."""
    newest = MenuVersion.objects.filter(menu=OuterRef("pk")).order_by("-number")
    return menus.annotate(newest=Subquery(newest.values("buttons")[:1]))


def is_unpublished(menu: Menu) -> bool:
    """This will tell whether the buttons are others than those that were published last."""
    if hasattr(menu, "newest"):
        newest = menu.newest
    else:
        newest = menu.versions.order_by("-number").values_list("buttons", flat=True).first()
    return menu.published is None or newest != menu.buttons


def publish(menu: Menu, *, by: AbstractBaseUser | None, now: dt.datetime, seen_version: int | None = None) -> Menu:
    """This will make the menu what followers see, within five minutes on their phones.

    1. nothing may be wrong with it, 2. files that WeChat does not have are uploaded, 3. a conditional menu is added
    before the one that it replaces is deleted, so that there is always one. Raises MenuChanged, MenuUnfinished,
    NoDefaultMenu, MenuTagGone, MenuBusy, AccountInactive, and what WeChat raises; the failure stays on the row.
    """
    row = Menu.objects.select_related("account", "tag").get(pk=menu.pk)
    if seen_version is not None and row.version != seen_version:
        raise MenuChanged(fields={"version": str(row.version)})
    check_publishable(row)
    checked_version = row.version
    with holding(row, now=now) as lease, accounts.connect(row.account) as wechat:
        if row.version != checked_version:
            raise MenuChanged(fields={"version": str(row.version)})
        if not _settle(wechat, row, lease) or is_unpublished(row):
            used = MediaAsset.objects.filter(account=row.account_id, pk__in=menu_buttons.ids(row.buttons, "asset"))
            assets = list(used.select_related("account"))
            uploading.despite_loss(lambda: _send(wechat, row, lease, assets, by=by, now=now), assets)
    menu.refresh_from_db()
    return menu


def check_publishable(menu: Menu) -> None:
    """Raises the first of what keeps a menu from being published."""
    if not menu.account.is_active:
        raise AccountInactive
    if menu.is_conditional:
        if menu.tag is None or menu.tag.vanished_at is not None:
            raise MenuTagGone
        if not Menu.objects.filter(account=menu.account_id, is_conditional=False, published__isnull=False).exists():
            raise NoDefaultMenu
    wrong = [problem for problem in problems(menu) if not problem.hint]
    if wrong:
        raise MenuUnfinished(wrong)


def take_down(menu: Menu, *, now: dt.datetime) -> None:
    """This will delete the menu at WeChat; ours stays. With the menu for everybody all conditional ones go.

    Raises MenuBusy, and what WeChat raises.
    """
    row = Menu.objects.select_related("account", "tag").get(pk=menu.pk)
    with holding(row, now=now) as lease, accounts.connect(row.account) as wechat:
        _settle(wechat, row, lease)
        if row.is_conditional:
            if row.menu_id:
                _delete_conditional(wechat, row.menu_id)
            gone = Menu.objects.filter(pk=row.pk)
        else:
            wechat.menus.delete()
            gone = Menu.objects.filter(account=row.account_id)
        gone.update(published=None, menu_id="", live=None, differs=False, checked_at=now, pending=None)
    menu.refresh_from_db()


def remove(menu: Menu, *, now: dt.datetime) -> None:
    """This will delete a menu at WeChat, if it is there, and here, with its versions. Raises like `take_down`."""
    if menu.published is not None or menu.menu_id or menu.pending is not None:
        take_down(menu, now=now)
    menu.delete()


class holding:  # noqa: N801 - used as a statement
    """`with holding(menu, now=now) as lease`: nobody else publishes this menu or takes it down meanwhile.

    A failure is kept on the row and goes on. Raises MenuBusy.
    """

    def __init__(self, menu: Menu, *, now: dt.datetime) -> None:
        self.menu, self.now = menu, now
        # Microseconds apart even within one call's `now`, so that the lease tells its holder.
        self.lease = timezone.now() + dt.timedelta(seconds=settings.UPLOAD_LEASE_SECONDS)

    def __enter__(self) -> dt.datetime:
        if not free(self.now).filter(pk=self.menu.pk).update(lease_until=self.lease):
            raise MenuBusy
        self.menu.refresh_from_db(fields=["pending", "menu_id", "published", "version", "buttons", "differs"])
        return self.lease

    def __exit__(self, kind: Any, error: BaseException | None, traceback: Any) -> None:
        expected = error if isinstance(error, OperatorError) else None
        columns = failures.columns(expected) if error is None or expected else {}
        Menu.objects.filter(pk=self.menu.pk, lease_until=self.lease).update(lease_until=None, **columns)


def free(now: dt.datetime) -> QuerySet[Menu]:
    """This will be the menus that nobody is publishing."""
    return Menu.objects.filter(Q(lease_until=None) | Q(lease_until__lte=now))


def settle(wechat: WeChat, menu: Menu, *, now: dt.datetime) -> None:
    """This will find out what became of a publishing without an end. Raises MenuBusy, and what WeChat raises."""
    with holding(menu, now=now) as lease:
        _settle(wechat, menu, lease)


def _settle(wechat: WeChat, menu: Menu, lease: dt.datetime) -> bool:
    """This will tell whether an earlier publishing had worked."""
    pending = menu.pending
    if pending is None:
        return False
    if menu.is_conditional:
        menu_id = _find_conditional(wechat, menu, pending)
        is_live = bool(menu_id)
        if menu_id and pending["replaces"]:
            _delete_conditional(wechat, pending["replaces"])
    else:
        menu_id, is_live = "", wechat.menus.live().buttons == normal(pending["sent"])
    if is_live:
        _record(menu, lease, pending, menu_id=menu_id)
    else:
        _hold(menu, lease, pending=None)
    return is_live


def _find_conditional(wechat: WeChat, menu: Menu, pending: dict[str, Any]) -> str:
    """This will be the id of what was added, "" if nothing was. A menu without a tag was surely not."""
    found = wechat.menus.get()
    ours = [one for one in of_tag(found.conditional if found else [], menu) if one.menu_id != pending["replaces"]]
    return next((one.menu_id for one in reversed(ours) if one.buttons == normal(pending["sent"])), "")


def of_tag(conditional: list[ConditionalMenu], menu: Menu) -> list[ConditionalMenu]:
    """This will be WeChat's menus for the tag of ours, the one that is seen last."""
    return [one for one in conditional if menu.tag is not None and one.tag_id == menu.tag.tag_id]


def _send(
    wechat: WeChat,
    menu: Menu,
    lease: dt.datetime,
    assets: list[MediaAsset],
    *,
    by: AbstractBaseUser | None,
    now: dt.datetime,
) -> None:
    media_ids = {asset.pk: uploading.permanent(wechat, asset, now=now) for asset in assets}
    sent = menu_buttons.to_wechat(menu.buttons, media_ids=media_ids, article_ids=article_ids(menu))
    pending = {
        "buttons": menu.buttons,
        "sent": sent,
        "replaces": menu.menu_id,
        "by": by.pk if by else None,
        "at": now.isoformat(),
    }
    _hold(menu, lease, pending=pending)
    try:
        menu_id = _request(wechat, menu, sent)
    except WeChatError as error:
        if not error.maybe_carried_out:
            _hold(menu, lease, pending=None)
        raise
    if pending["replaces"]:
        _delete_conditional(wechat, pending["replaces"])
    _record(menu, lease, pending, menu_id=menu_id)


def _request(wechat: WeChat, menu: Menu, sent: list[Button]) -> str:
    if menu.tag is None:
        wechat.menus.create(sent)
        return ""
    return wechat.menus.add_conditional(sent, tag_id=menu.tag.tag_id)


def _delete_conditional(wechat: WeChat, menu_id: str) -> None:
    try:
        wechat.menus.delete_conditional(menu_id)
    except UnknownMenu:
        return  # WeChat has it no more


def article_ids(menu: Menu) -> dict[int, str]:
    """This will be the article_id of each publication that the buttons name."""
    named = Publication.objects.filter(
        account=menu.account_id, pk__in=menu_buttons.ids(menu.buttons, "publication")
    ).exclude(article_id="")
    return dict(named.values_list("pk", "article_id"))


def _hold(menu: Menu, lease: dt.datetime, **columns: Any) -> None:
    """Raises MenuBusy when the lease ran out and somebody else has the menu."""
    if not Menu.objects.filter(pk=menu.pk, lease_until=lease).update(**columns):
        raise MenuBusy
    for name, value in columns.items():
        setattr(menu, name, value)


def _record(menu: Menu, lease: dt.datetime, pending: dict[str, Any], *, menu_id: str) -> None:
    at = parse_datetime(pending["at"])
    sent = normal(pending["sent"])
    with transaction.atomic():
        _hold(
            menu, lease, published=sent, published_at=at, live=sent, checked_at=at, differs=False, menu_id=menu_id,
            pending=None,
        )  # fmt: skip
        version = write_version(menu, pending["buttons"], by_id=pending["by"], at=at)
        webhooks.emit(menu.account_id, "menu.published", lambda: _told(menu, version))


def _told(menu: Menu, version: MenuVersion) -> dict[str, Any]:
    by = version.published_by.get_username() if version.published_by else None
    return {"menu": menu.pk, "version": version.number, "tag": menu.tag_id, "by": by}


def write_version(menu: Menu, buttons: list[Button], *, by_id: int | None, at: dt.datetime | None) -> MenuVersion:
    """This will keep the buttons as the newest version of what followers saw."""
    newest = menu.versions.aggregate(number=Max("number"))["number"] or 0
    return MenuVersion.objects.create(
        menu=menu, number=newest + 1, buttons=buttons, published_at=at, published_by_id=by_id
    )
