"""The base of views of documents that people edit, with everything that such a view has."""

from __future__ import annotations

from typing import Any

from rest_framework import mixins, status
from rest_framework.request import Request
from rest_framework.response import Response

from wxcore.api.conditional import ConditionalRows
from wxcore.api.exports import ExportedRows


class EditableRows(
    mixins.CreateModelMixin,
    mixins.ListModelMixin,
    mixins.UpdateModelMixin,
    mixins.DestroyModelMixin,
    ExportedRows,
    ConditionalRows,
):
    """Base of views of documents that people edit: list, retrieve, create, update, partial_update, destroy,
    export.

    The serializer's `create` and `update` call the service; so may `perform_create`, `perform_update` and
    `perform_destroy`. PUT, PATCH and DELETE hold the row locked from the comparison with If-Match to the end, so
    nothing in them may wait for WeChat: a view with such a service writes that method itself, without `editing`.
    """

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        self.perform_create(serializer)
        return self.told(self.fresh(serializer.instance), status.HTTP_201_CREATED)

    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with self.editing() as row:
            serializer = self.get_serializer(row, data=request.data, partial=kwargs.pop("partial", False))
            serializer.is_valid(raise_exception=True)
            self.perform_update(serializer)
        return self.told(self.fresh(serializer.instance))

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with self.editing() as row:
            self.perform_destroy(row)
        return Response(status=status.HTTP_204_NO_CONTENT)
