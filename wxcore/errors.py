"""The root of every failure that we expect, and how a failure speaks to a person.

    OperatorError                 what happened, what to do, whether trying again helps
    └── wechat.errors.WeChatError everything that a call of WeChat's API can answer
    └── ...                       each app's own refusals (an empty audience, a forbidden transition)

A door (admin view, API, task, command) catches `OperatorError` and shows it; anything else is a bug and may crash.
"""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import lazy
from django.utils.translation import get_language, gettext_lazy


class Retry(StrEnum):
    """Whether trying again helps; the classes of WeChat's error reference, used for our own errors too."""

    NEVER = "never"
    REFRESH_TOKEN = "refresh_token"  # noqa: S105 - a word of the reference, not a secret
    BACKOFF = "backoff"
    TOMORROW = "tomorrow"
    WAIT = "wait"


class OperatorError(Exception):
    """A failure that a person can do something about.

    `code` is a stable word for programs, `message` says what happened, `fix` what to do, `retry` whether the same
    request can work later. Both texts may be lazy, so that they appear in the reader's language and not the raiser's.
    """

    code = "error"
    message: str = gettext_lazy("Something went wrong.")
    fix: str = ""
    retry = Retry.NEVER

    def __init__(
        self, message: str | None = None, fix: str | None = None, *, fields: dict[str, str] | None = None
    ) -> None:
        super().__init__()
        if message is not None:
            self.message = message
        if fix is not None:
            self.fix = fix
        self.fields = fields or {}

    def __str__(self) -> str:
        return f"{self.message} {self.fix}".strip()


def by_language(*, en: str, zh: str) -> str:
    """This will be `zh` for a reader of Chinese and `en` for everybody else, decided when it is shown."""

    def choose() -> str:
        return zh if (get_language() or "zh").startswith("zh") else en

    return lazy(choose, str)()
