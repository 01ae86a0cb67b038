"""Why a body cannot be taken."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from wxcore.errors import OperatorError


class BodyTooLarge(OperatorError):
    code = "body_too_large"
    message = _("The text has %(length)d characters of markup; more than %(limit)d cannot be edited here.")
    fix = _("Paste it in parts, or without formatting.")


class TooManyTags(BodyTooLarge):
    message = _("The text has more than %(limit)d formatted parts.")


class BodyTooDeep(OperatorError):
    code = "body_too_deep"
    message = _("The formatting is nested more than %(limit)d levels deep.")
    fix = _("Paste the text without formatting, or take the tables inside tables apart.")


class EmptyBody(OperatorError):
    code = "empty_body"
    message = _("The article has no text and no picture.")
    fix = _("Write the article, and save.")


class BodyTooLong(OperatorError):
    code = "body_too_long"
    message = _("The body has %(length)d characters, formatting included; WeChat takes fewer than %(limit)d.")
    fix = _("Shorten the text, or remove formatting: it counts too.")


class BodyTooHeavy(OperatorError):
    code = "body_too_heavy"
    message = _("The body has %(size)d bytes; WeChat takes fewer than %(limit)d.")
    fix = _("Shorten the text, and keep pictures as files instead of inside the text.")


class ForeignPicture(OperatorError):
    """`url` is the picture's address as it stands in the body."""

    code = "foreign_picture"
    message = _("WeChat would drop the picture %(shown)s, because it is not stored at WeChat.")
    fix = _("Bring the picture over into the library, or remove it.")

    def __init__(self, url: str) -> None:
        super().__init__(shown=url if len(url) <= 100 else f"{url[:99]}…", fields={"body": "foreign picture"})
        self.url = url
