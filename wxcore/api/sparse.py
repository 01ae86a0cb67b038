"""`?fields=id,name`: an answer with only the fields that were asked for."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS

FIELDS = "fields"


class SparseFields:
    """Part of a view: what is read with `get_serializer` has only the fields that `?fields=` names."""

    def get_serializer(self, *args: Any, **kwargs: Any) -> serializers.BaseSerializer:
        serializer = super().get_serializer(*args, **kwargs)  # type: ignore[misc]
        if self.is_sparse():
            one = serializer.child if isinstance(serializer, serializers.ListSerializer) else serializer
            _narrow(one, self.request.query_params[FIELDS])  # type: ignore[attr-defined]
        return serializer

    def is_sparse(self) -> bool:
        """This will tell whether the request reads, and names the fields that it wants."""
        request = self.request  # type: ignore[attr-defined]
        return request is not None and request.method in SAFE_METHODS and bool(request.query_params.get(FIELDS))


def _narrow(serializer: serializers.Serializer, asked: str) -> None:
    names = {name.strip() for name in asked.split(",")} - {""}
    unknown = sorted(names - set(serializer.fields))
    if unknown:
        raise ValidationError({FIELDS: [_("There is no field “%(name)s”.") % {"name": name} for name in unknown]})
    for name in set(serializer.fields) - names:
        serializer.fields.pop(name)
