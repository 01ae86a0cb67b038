"""What the editor's scripts say, in the reader's language. `{name}` is filled in by the script."""

from __future__ import annotations

from django.utils.translation import gettext as _


def editor_words() -> dict[str, str]:
    """This will be the scripts' texts by the names that they use."""
    return _saving() | _articles() | _body() | _pictures()


def _saving() -> dict[str, str]:
    return {
        "saved": _("Saved {at}"),
        "unchanged": _("Everything is saved"),
        "dirty": _("Not saved yet"),
        "saving": _("Saving…"),
        "failed": _("Not saved: {why}"),
        "retry": _("Try again"),
        "offline": _("The server does not answer. Your text is kept in this browser, and saving is tried again."),
        "signedOut": _("You are signed out. Your text is kept in this browser."),
        "signIn": _("Sign in again in a new tab"),
        "unexpected": _("The server answered with an error ({status}). Your text is kept in this browser."),
        "conflictTitle": _("This draft was saved elsewhere"),
        "seeOther": _("See that version"),
        "keepMine": _("Keep mine as a new draft"),
        "later": _("Decide later"),
        "conflict": _("This draft was saved elsewhere; what you wrote here is not saved."),
        "decide": _("Decide"),
        "leftover": _("This browser has text of {at} that was never saved."),
        "leftoverUse": _("Use it"),
        "leftoverDrop": _("Discard it"),
    }


def _articles() -> dict[str, str]:
    return {
        "untitled": _("Untitled"),
        "article": _("Article {number}: {title}"),
        "up": _("Move up"),
        "down": _("Move down"),
        "remove": _("Remove this article"),
        "removed": _("“{title}” was removed."),
        "undo": _("Undo"),
        "moved": _("“{title}” is now number {number}."),
        "full": _("A message has at most {most} articles."),
        "notYet": _("Not finished yet ({count})"),
    }


def _body() -> dict[str, str]:
    return {
        "bodyLabel": _("Text of the article"),
        "bodyPlaceholder": _("Write here, or paste from Word or from another article."),
        "insertPicture": _("Insert pictures"),
        "pasteFailed": _("What you pasted could not be cleaned: {why}"),
        "unreachablePictures": _(
            "{count} pictures of the pasted text are only on your computer: paste them one by one."
        ),
        "pasted": _("Pasted picture"),
        "uploading": _("Uploading a picture…"),
        "characters": _("{length} of {most} characters, tags included"),
    }


def _pictures() -> dict[str, str]:
    return {
        "chooseCover": _("Choose a cover"),
        "changeCover": _("Change"),
        "removeCover": _("Remove"),
        "coverHintFirst": _("WeChat shows the middle at 2.35 : 1; 900 × 383 pixels or more fit best."),
        "coverHintOther": _("WeChat shows the middle as a square; 200 × 200 pixels or more fit best."),
        "coverSmall": _("This picture is only {width} × {height} pixels and will look blurred."),
        "foreignOne": _("One picture comes from another site; WeChat would drop it."),
        "foreignMany": _("{count} pictures come from other sites; WeChat would drop them."),
        "bring": _("Bring the pictures over"),
        "bringing": _("Bringing over {done} of {count}…"),
        "brought": _("{count} pictures are in the library now."),
        "couldNotBring": _("This one could not be brought over:"),
    }
