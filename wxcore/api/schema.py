"""What the OpenAPI schema says of every operation, so that no view has to: who may ask, headers, refusals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema as SpectacularSchema
from drf_spectacular.plumbing import is_list_serializer
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.permissions import SAFE_METHODS
from rest_framework.utils.model_meta import get_field_info

from wxcore.api.conditional import WRITES, ConditionalRows
from wxcore.api.errors import ErrorSerializer
from wxcore.api.idempotency import HEADER, LONGEST_KEY, REPLAYED, IdempotentRequests
from wxcore.api.sparse import FIELDS, SparseFields

REFUSALS = {
    400: "Refused; nothing was done. `fields` names the inputs at fault.",
    401: "Nobody has logged in, or the token is unknown, expired or revoked.",
    403: "Not allowed; `scope_missing`: the token is not for this.",
    404: "No such object, or none of the accounts that you work for.",
    409: "Somebody was faster; `request_under_way`: the first request with this Idempotency-Key has no answer yet.",
    412: "`changed_meanwhile`: it is no longer what If-Match names. Nothing was done.",
    415: "The body is of a media type that is not read here.",
    422: "`idempotency_key_reused`: the key was used for another request.",
    428: "`if_match_required`: say in If-Match what you have read.",
    429: "Too many requests: wait as many seconds as Retry-After says.",
}


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "wxcore.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token from the admin's page “API tokens”: `Authorization: Bearer qf_…` or `Token qf_…`.",
        }


class AutoSchema(SpectacularSchema):
    """drf-spectacular's, with what the bases of our views do on their own."""

    def get_operation_id(self) -> str:
        told: str = super().get_operation_id()
        # The file of a list, and that of one row of it: `/export/` and `/{id}/export/`.
        return f"{told.removesuffix('_retrieve')}_list" if self.view.action == "export_list" else told

    def get_override_parameters(self) -> list[Any]:
        return [*super().get_override_parameters(), *self._parameters(), *self._headers()]

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        if self._has_tag and self._is_retrieve:
            bodies["304"] = {"description": "Still what If-None-Match names."}
        for status in self._refusals():
            refusal = OpenApiResponse(ErrorSerializer, description=REFUSALS[status])
            bodies[str(status)] = self._get_response_for_code(refusal, str(status), direction=direction)
        return dict(sorted(bodies.items()))

    def _is_list_view(self, serializer: Any = None) -> bool:
        # A view of no rows has only `list` for its one answer, which need not be a list.
        if self.view.action == "list" and not isinstance(self.view, ListModelMixin):
            found = self.get_response_serializers() if serializer is None else serializer
            return is_list_serializer(next(iter(found.values())) if isinstance(found, dict) else found)
        return bool(super()._is_list_view(serializer))

    def _map_serializer_field(self, field: Any, direction: str, bypass_extensions: bool = False) -> Any:
        """A choice that is only shown does not know that its column may be empty."""
        if isinstance(field, serializers.ChoiceField) and field.read_only:
            model = getattr(getattr(field.parent, "Meta", None), "model", None)
            column = get_field_info(model).fields.get(field.source) if model is not None else None
            field.allow_blank = field.allow_blank or bool(column is not None and column.blank)
        return super()._map_serializer_field(field, direction, bypass_extensions)

    def _parameters(self) -> Iterator[OpenApiParameter]:
        header = OpenApiParameter.HEADER
        if isinstance(self.view, SparseFields) and self.view.action in ("list", "retrieve"):
            yield OpenApiParameter(FIELDS, str, description="Only these fields, as in `id,name`.")
        if self._changes and isinstance(self.view, IdempotentRequests):
            yield OpenApiParameter(
                HEADER,
                {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[ -~]+$"},
                header,
                description="A new UUID for each intent; repeated with it, the request is answered and not done again.",
            )
        if self._takes_tag:
            required = self.view.requires_if_match and self.method in WRITES
            told = "The ETag of what was read: refused with 412 if it is another by now."
            yield OpenApiParameter("If-Match", str, header, required=required, description=told)
        if self._has_tag and self._is_retrieve:
            yield OpenApiParameter("If-None-Match", str, header, description="An ETag: answered 304 if it still holds.")

    def _headers(self) -> Iterator[OpenApiParameter]:
        header = OpenApiParameter.HEADER
        if self._has_tag and self.view.action in ("retrieve", "create", "update", "partial_update"):
            told = "Changes with everything that is shown; for If-Match."
            yield OpenApiParameter("ETag", str, header, response=[200, 201, 304], description=told)
        if self._changes and isinstance(self.view, IdempotentRequests):
            told = "`true`: this was answered before, and is not done again."
            yield OpenApiParameter(REPLAYED, str, header, response=[200, 201, 204], description=told)
        yield OpenApiParameter("Retry-After", int, header, response=[429], description="Seconds.")

    def _refusals(self) -> list[int]:
        found = {400, 401, 403, 429}
        if "{" in self.path or self._is_list_view():  # a list by a cursor that is none
            found.add(404)
        if self._changes:
            found |= {404, 409}
            found |= {422} if isinstance(self.view, IdempotentRequests) else set()
            found |= {415} if self.method != "DELETE" else set()
        if self._takes_tag:
            found |= {412}
            found |= {428} if self.view.requires_if_match and self.method in WRITES else set()
        return sorted(found)

    @property
    def _changes(self) -> bool:
        return self.method not in SAFE_METHODS

    @property
    def _has_tag(self) -> bool:
        return isinstance(self.view, ConditionalRows)

    @property
    def _is_retrieve(self) -> bool:
        return bool(self.view.action == "retrieve")

    @property
    def _takes_tag(self) -> bool:
        return self._has_tag and self._changes and bool(self.view.detail)
