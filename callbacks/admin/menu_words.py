"""What the menu editor's script says, and a button in words, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from callbacks import buttons as menu_buttons
from callbacks.buttons import Button, Kind
from callbacks.livemenu import Line
from callbacks.models import Menu
from campaigns.models import MediaAsset, Publication, RemoteMedia

# The fields of a button that name something which has a name of its own.
NAMED = ("asset", "media_id", "publication", "article_id")
Names = dict[tuple[str, Any], str]


def editor_words() -> dict[str, str]:
    """This will be the script's texts by the names that it uses. `{name}` is filled in by the script."""
    return _saving() | _tree() | _fields()


def _saving() -> dict[str, str]:
    return {
        "saved": _("Saved {at}"),
        "unchanged": _("Everything is saved"),
        "dirty": _("Not saved yet"),
        "saving": _("Saving…"),
        "failed": _("Not saved: {why}"),
        "retry": _("Try again"),
        "reload": _("Reload"),
        "offline": _("The server does not answer."),
        "signedOut": _("You are signed out."),
        "unexpected": _("The server answered with an error ({status})."),
        "notYet": _("Not finished yet ({count})"),
        "checking": _("Comparing with WeChat's menu…"),
        "checked": _("Compared with WeChat's menu: nothing differs."),
        "unchecked": _("Not compared with WeChat's menu: {why}"),
    }


def _tree() -> dict[str, str]:
    return {
        "unnamed": _("No name"),
        "add": _("Add a button"),
        "addBelow": _("Add a button below “{name}”"),
        "button": _("Button {place}"),
        "moved": _("“{name}” is now button {place}."),
        "removed": _("“{name}” was removed."),
        "undo": _("Undo"),
        "full": _("There is no room there: {top} buttons side by side, {sub} below each."),
        "hasAction": _("“{name}” does something by itself. Only a button with a list takes others."),
        "opensList": _("This button opens the list above it, and does nothing else."),
        "listInstead": _("With a button below it, this one only opens the list."),
        "seen": _("A phone shows “{shown}”."),
        "bytes": _("{size} / {most} bytes"),
    }


def _fields() -> dict[str, str]:
    return {
        "chooseKind": _("Choose …"),
        "chooseFile": _("Choose a file"),
        "changeFile": _("Choose another file"),
        "fileAtWeChat": _("A file at WeChat: {id}"),
        "articleAtWeChat": _("An article at WeChat: {id}"),
        "chooseArticle": _("Choose …"),
        "noArticles": _("Nothing is published yet. Publish an article draft first."),
        "answeredBy": _("The rule “{name}” answers."),
        "unanswered": _("No reply rule answers yet: who taps the button gets no answer."),
        "makeRule": _("Make a rule"),
        "openRule": _("Open the rule"),
    }


def labels() -> dict[str, str]:
    """This will be the labels of the editor's inputs and tools, and examples of what to enter."""
    return {
        "name": _("Name"),
        "type": _("Who taps it"),
        "key": _("Key of the button"),
        "url": _("Address of the page"),
        "appid": _("AppID of the mini program"),
        "pagepath": _("Page of the mini program"),
        "asset": _("File"),
        "publication": _("Article"),
        "url_example": "https://",
        "appid_example": "wx…",
        "pagepath_example": "pages/index/index",
        "left": _("Move left"),
        "right": _("Move right"),
        "up": _("Move up"),
        "down": _("Move down"),
        "remove": _("Remove this button"),
    }


def kind_groups() -> list[dict[str, Any]]:
    """This will be the kinds of buttons as the script offers them, in groups, with their fields and a hint."""
    groups = (
        (_("Answer in the chat"), (Kind.CLICK, Kind.MEDIA, Kind.ARTICLE)),
        (_("Open something"), (Kind.VIEW, Kind.MINIPROGRAM, Kind.ARTICLE_PAGE)),
        (
            _("Let the phone do something"),
            (Kind.SCAN, Kind.SCAN_WAIT, Kind.CAMERA, Kind.CAMERA_OR_ALBUM, Kind.ALBUM, Kind.LOCATION),
        ),
    )
    hints = _hints()
    return [
        {
            "label": label,
            "kinds": [
                {
                    "value": kind.value,
                    "label": str(kind.label),
                    "fields": menu_buttons.FIELDS[kind],
                    "hint": hints.get(kind, ""),
                    "answered": kind in menu_buttons.ANSWERED,
                }
                for kind in kinds
            ],
        }
        for label, kinds in groups
    ]


def _hints() -> dict[Kind, str]:
    message = _("We are told, and what the follower sends arrives as a message.")
    return {
        Kind.CLICK: _("The reply rule for the key answers at once."),
        Kind.MEDIA: _("WeChat sends the file by itself; we are not told who tapped."),
        Kind.ARTICLE: _("WeChat sends the article as a card; we are not told who tapped."),
        Kind.ARTICLE_PAGE: _("The article opens; we are not told who tapped."),
        Kind.VIEW: _("The page opens inside WeChat, and we are told."),
        Kind.MINIPROGRAM: _("WeChat must know the mini program as linked to this account."),
        Kind.SCAN: _("The phone opens what the code says, and we are told what it was."),
        Kind.SCAN_WAIT: _("We are told what the code says, and the reply rule for the key answers."),
        Kind.CAMERA: message,
        Kind.CAMERA_OR_ALBUM: message,
        Kind.ALBUM: message,
        Kind.LOCATION: message,
    }


def names(menu: Menu, *trees: Sequence[Button]) -> Names:
    """This will be what the files and articles in `trees` are called, by field and id: ours, and WeChat's."""
    leaves = [leaf for tree in trees for _path, leaf in menu_buttons.leaves(tree)]
    used = {field: {leaf[field] for leaf in leaves if leaf.get(field)} for field in NAMED}
    files = MediaAsset.objects.filter(account=menu.account_id, pk__in=used["asset"])
    copies = RemoteMedia.objects.filter(asset__account=menu.account_id, media_id__in=used["media_id"])
    articles = Publication.objects.filter(account=menu.account_id).select_related("draft")
    return (
        {("asset", asset.pk): asset.name for asset in files}
        | {("media_id", told): name for told, name in copies.values_list("media_id", "asset__name")}
        | {("publication", one.pk): str(one.draft) for one in articles.filter(pk__in=used["publication"])}
        | {("article_id", one.article_id): str(one.draft) for one in articles.filter(article_id__in=used["article_id"])}
    )


def in_words(button: Button, names: Names) -> str:
    """This will be what a button does, in one line."""
    kind = button.get("type", "")
    if not kind:
        return _("opens a list")
    label = str(Kind(kind).label) if kind in Kind.values else kind
    about = [str(button[name]) for name in ("key", "url", "appid", "pagepath", "value") if button.get(name)]
    about += [names.get((field, button[field])) or str(button[field]) for field in NAMED if button.get(field)]
    return " · ".join([label, *about])


def rows(lines: list[Line], names: Names) -> list[dict[str, Any]]:
    """This will be two menus side by side for the table of a page."""
    return [
        {
            "place": menu_buttons.place(line.path),
            "is_below": len(line.path) > 1,
            "is_same": line.is_same,
            "before": _cell(line.before, names),
            "after": _cell(line.after, names),
        }
        for line in lines
    ]


def _cell(button: Button | None, names: Names) -> dict[str, str] | None:
    return None if button is None else {"name": button.get("name", ""), "does": in_words(button, names)}
