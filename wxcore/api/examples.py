"""Examples of what a request says, shown with its schema and kept true by a test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer


def example(title: str, **value: Any) -> Callable[[Any], Any]:
    """This will give a serializer an example body; the decorator may be used several times."""

    def add(serializer: Any) -> Any:
        known = list(vars(serializer).get("_spectacular_annotation", {}).get("examples", []))  # not those of its base
        given = OpenApiExample(title, value=value, request_only=True)
        return extend_schema_serializer(examples=[given, *known])(serializer)

    return add
