"""Every address of the admin and the API, from the URL resolver: a new one cannot be forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.urls import URLPattern, get_resolver

ROOMS = ("admin/", "api/v1/")
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
# What an address may name besides a row.
OTHERS = {"number": "1", "part": "wechat", "app_label": "campaigns", "kind": "recipients", "form": "csv"}


@dataclass(frozen=True)
class Endpoint:
    """`route` as the resolver has it; `model` whose row it names, or whose rows it lists."""

    route: str
    model: type[Model] | None

    @property
    def parameters(self) -> list[str]:
        return [one or other for one, other in PARAMETER.findall(self.route)]

    @property
    def names_a_row(self) -> bool:
        return bool({"object_id", "pk", "id", "follower", "account", "campaign"} & set(self.parameters))

    @property
    def is_list(self) -> bool:
        return not self.parameters and self.route.count("/") == 3

    def address(self, rows: Mapping[str, Model]) -> str:
        """This will be the address with the primary key of the model's row in it."""

        def fill(match: re.Match[str]) -> str:
            name = match[1] or match[2]
            if name in ("object_id", "pk", "id"):
                row = rows.get(self.model._meta.label_lower) if self.model else None
                return str(row.pk if row is not None else rows["campaigns.campaign"].pk)
            if name == "follower":
                return str(rows["followers.follower"].pk)
            if name == "campaign":
                return str(rows["campaigns.campaign"].pk)
            if name == "account":
                return str(rows["wxcore.officialaccount"].pk)
            if name == "content_type_id":
                return str(ContentType.objects.get_for_model(rows["campaigns.campaign"]).pk)
            return OTHERS[name]

        return "/" + PARAMETER.sub(fill, self.route)


def endpoints() -> list[Endpoint]:
    """This will be all of them, but for the admin's "whatever else"."""
    found = (route for route, _view in _leaves(get_resolver().url_patterns) if route.startswith(ROOMS))
    views = dict(_leaves(get_resolver().url_patterns))
    return [Endpoint(route, _model_of(route, views[route])) for route in dict.fromkeys(found) if "?P<url>" not in route]


def _leaves(patterns: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for entry in patterns:
        route = before + str(entry.pattern).lstrip("^").replace("\\Z", "").rstrip("$")
        if isinstance(entry, URLPattern):
            yield route, entry.callback
        else:
            yield from _leaves(entry.url_patterns, route)


def _model_of(route: str, view: Any) -> type[Model] | None:
    if route.startswith("api/"):
        rows = getattr(view.cls, "queryset", None)
        return None if rows is None else rows.model
    return next(
        (model for model in admin.site._registry
         if route.startswith(f"admin/{model._meta.app_label}/{model._meta.model_name}/")),
        None,
    )  # fmt: skip
