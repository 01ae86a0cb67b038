"""Documents that several people edit: ETag and If-Match, so that nobody overwrites what they never saw."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.http import parse_etags
from rest_framework import status
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from wxcore.api.errors import ChangedMeanwhile, IfMatchRequired
from wxcore.api.rows import AccountRows

WRITES = ("PUT", "PATCH", "DELETE")


class ConditionalRows(AccountRows):
    """Base of views of one document at a time: what it answers has a strong ETag, what it is asked may name one.

    The tag is the hash of everything that the document shows, so it changes with whatever a reader could have seen:
    a row of another table, a person's name, a moment that has passed. `requires_if_match` refuses who names none.
    """

    requires_if_match = False

    def get_object(self) -> Any:
        """This will be the document. Raises Http404, and ChangedMeanwhile if it is not the one of If-Match."""
        row = super().get_object()
        if self.request.method not in SAFE_METHODS:
            self._check(row)
        return row

    @contextmanager
    def editing(self) -> Iterator[Any]:
        """This will be the document, locked until the end: who compared is who writes."""
        with transaction.atomic():
            self._lock()
            yield self.get_object()

    def told(self, row: Any, status: int = status.HTTP_200_OK, headers: dict[str, str] | None = None) -> Response:
        """This will answer with the document as it is now, and its ETag."""
        full = self.represent(row)
        shown = full if _speaks_default() and not self.is_sparse() else self.get_serializer(row).data
        return Response(shown, status=status, headers={"ETag": tag_of(full)} | (headers or {}))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        answer = self.told(self.get_object())
        if _matches(request.headers.get("If-None-Match", ""), answer.headers["ETag"], weakly=True):
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers={"ETag": answer.headers["ETag"]})
        return answer

    def represent(self, row: Any) -> Any:
        """This will be all that the document shows, in the language of the tag."""
        with translation.override(settings.LANGUAGE_CODE):
            return self.get_serializer_class()(row, context=self.get_serializer_context()).data

    def fresh(self, row: Model) -> Any:
        """This will be the document as it is stored, with what its queryset adds to it."""
        return self.get_queryset().get(pk=row.pk)

    def _check(self, row: Any) -> None:
        given = self.request.headers.get("If-Match", "")
        if not given:
            if self.requires_if_match and self.request.method in WRITES:
                raise IfMatchRequired
            return
        if given.strip() != "*" and not _matches(given, tag_of(self.represent(row))):
            raise ChangedMeanwhile

    def _lock(self) -> None:
        # The view's own queryset may add up or join, which no database locks.
        name = self.lookup_url_kwarg or self.lookup_field
        rows = self.queryset.model._base_manager.select_for_update()
        try:
            get_object_or_404(rows.only("pk"), **{self.lookup_field: self.kwargs[name]})
        except (TypeError, ValueError, OverflowError):
            raise Http404 from None


def tag_of(representation: Any) -> str:
    """This will be the strong ETag of what a document shows."""
    # As it is rendered, so that whatever a field is, equal answers have equal tags; the order of keys says nothing.
    plain = json.loads(JSONRenderer().render(representation))
    digest = hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
    return f'"{digest[:32]}"'


def _matches(header: str, tag: str, *, weakly: bool = False) -> bool:
    given = [name.strip() for name in parse_etags(header)]
    if weakly:
        given = [name.removeprefix("W/") for name in given]
    return tag in given or "*" in given


def _speaks_default() -> bool:
    return (translation.get_language() or "") == settings.LANGUAGE_CODE
