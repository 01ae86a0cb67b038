"""The root of every failure that we expect, and how a failure speaks to a person.

    OperatorError                 what happened, what to do, whether trying again helps
    ├── Conflict                  somebody or something was faster
    ├── Forbidden                 whoever asks may not
    ├── wechat.errors.WeChatError everything that a call of WeChat's API can answer
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
    request can work later. Both texts may be lazy, so that they appear in the reader's language and not the raiser's;
    `%(name)s` in them is filled from the keyword arguments. `fields` names the inputs that are at fault.
    """

    code = "error"
    message: str = gettext_lazy("Something went wrong.")
    fix: str = ""
    retry = Retry.NEVER

    def __init__(
        self,
        message: str | None = None,
        fix: str | None = None,
        *,
        fields: dict[str, str] | None = None,
        **params: object,
    ) -> None:
        super().__init__()
        self.message = _filled(self.message if message is None else message, params)
        self.fix = _filled(self.fix if fix is None else fix, params)
        self.fields = fields or {}

    def __str__(self) -> str:
        message = str(self.message)
        # Chinese sentences follow each other without a space.
        return f"{message}{'' if message.endswith('。') else ' '}{self.fix}".strip()


class Conflict(OperatorError):
    """The request is fine, but the thing it is about is in another state by now."""

    code = "conflict"


class Forbidden(OperatorError):
    """The request is fine, but not from whom it comes."""

    code = "forbidden"


def _filled(text: str, params: dict[str, object]) -> str:
    return lazy(lambda: str(text) % params, str)() if params else text


def by_language(*, en: str, zh: str) -> str:
    """This will be `zh` for a reader of Chinese and `en` for everybody else, decided when it is shown."""

    def choose() -> str:
        return zh if (get_language() or "zh").startswith("zh") else en

    text: str = lazy(choose, str)()
    return text
