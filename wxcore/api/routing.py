"""How the viewsets of every app come to their addresses."""

from __future__ import annotations

from types import ModuleType

from rest_framework.routers import SimpleRouter


def build_router(*modules: ModuleType) -> SimpleRouter:
    """This will be a router with the `VIEWSETS` (prefix -> viewset) of every module."""
    router = SimpleRouter()
    for module in modules:
        for prefix, viewset in module.VIEWSETS.items():
            # What is no list of rows has no model to be named after.
            has_rows = getattr(viewset, "queryset", None) is not None
            # A second list of the same rows names itself.
            router.register(prefix, viewset, basename=getattr(viewset, "named", None if has_rows else prefix))
    return router
