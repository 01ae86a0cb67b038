"""How an expected failure stays on a row and still speaks the reader's language later."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from wxcore.errors import OperatorError


def columns(error: OperatorError | None) -> dict[str, Any]:
    """This will be the column values that keep `error` on a row, in every language; None clears them."""
    if error is None:
        return {"error_code": "", "error_texts": {}}
    texts = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            texts[language] = {"message": str(error.message), "fix": str(error.fix)}
    return {"error_code": error.code, "error_texts": texts}


class Failure(models.Model):
    """Base of rows that can fail. Assign `columns(error)`, read `error_message` and `error_fix`."""

    error_code = models.CharField(_("error code"), max_length=64, blank=True, default="", editable=False)
    error_texts = models.JSONField(_("error"), blank=True, default=dict, editable=False)

    class Meta:
        abstract = True

    @property
    def error_message(self) -> str:
        return self._text("message")

    @property
    def error_fix(self) -> str:
        return self._text("fix")

    def _text(self, part: str) -> str:
        texts = self.error_texts.get(get_language()) or self.error_texts.get(settings.LANGUAGE_CODE) or {}
        return texts.get(part, "")
