"""What every app's part of the API stands on: bases, the error shape, the router; and the accounts."""

from wxcore.api import accounts, attention, me, own_tokens, search, stream, tokens, webhooks
from wxcore.api.conditional import ConditionalRows
from wxcore.api.editable import EditableRows
from wxcore.api.errors import ERRORS, ChangedMeanwhile, ErrorSerializer, StatusError, exception_handler
from wxcore.api.exports import ExportedRows
from wxcore.api.routing import build_router
from wxcore.api.rows import FAILURE, AccountRows, FailureSerializer, RowField

VIEWSETS = {
    prefix: viewset
    # `tokens/current` before `tokens`, which would take it for the name of one.
    for module in (accounts, me, attention, search, stream, tokens, own_tokens, webhooks)
    for prefix, viewset in module.VIEWSETS.items()
}

__all__ = [
    "ERRORS",
    "FAILURE",
    "VIEWSETS",
    "AccountRows",
    "ChangedMeanwhile",
    "ConditionalRows",
    "EditableRows",
    "ErrorSerializer",
    "ExportedRows",
    "FailureSerializer",
    "RowField",
    "StatusError",
    "build_router",
    "exception_handler",
]
