"""What is sent: the limits of a text, and the message for WeChat."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from wxcore.errors import OperatorError
from wxcore.wechat.broadcasts import TextMessage

# WeChat documents no limit for the API; its console takes 600 characters, and one refusal was reported at 293.
TEXT_WARNING = 280
TEXT_LIMIT = 600


class EmptyText(OperatorError):
    code = "empty_text"
    message = _("The campaign has no text.")
    fix = _("Write what your followers should read, and save.")


class TextTooLong(OperatorError):
    code = "text_too_long"
    message = _("The text has %(length)d characters; WeChat takes at most %(limit)d.")
    fix = _("Shorten the text and save.")


def check_text(text: str) -> None:
    """This will raise EmptyText or TextTooLong before WeChat has to."""
    if not text.strip():
        raise EmptyText(fields={"text": "empty"})
    if len(text) > TEXT_LIMIT:
        raise TextTooLong(length=len(text), limit=TEXT_LIMIT, fields={"text": "too long"})


def message(campaign: Campaign) -> TextMessage:
    """This will be the campaign's content as WeChat takes it. Raises EmptyText, TextTooLong."""
    check_text(campaign.text)
    return TextMessage(campaign.text)
