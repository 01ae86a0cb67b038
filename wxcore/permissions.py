"""Who may use the API: the same model permissions as in the admin, on the account of the row."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import DjangoModelPermissions
from rest_framework.request import Request


class ModelPermissions(DjangoModelPermissions):
    """Login required; reading needs the model's view permission, a verb the one that its view names."""

    perms_map = {
        **DjangoModelPermissions.perms_map,
        "GET": ["%(app_label)s.view_%(model_name)s"],
        "HEAD": ["%(app_label)s.view_%(model_name)s"],
    }

    def needed(self, request: Request, view: Any) -> list[str]:
        """This will be the permissions that a request needs. Raises MethodNotAllowed."""
        verb = getattr(view, "verb_permissions", {}).get(getattr(view, "action", None))
        return [verb] if verb else self.get_required_permissions(request.method, view.queryset.model)

    def has_permission(self, request: Request, view: Any) -> bool:
        user = request.user
        return bool(user and user.is_authenticated and user.has_perms(self.needed(request, view)))

    def has_object_permission(self, request: Request, view: Any, obj: Any) -> bool:
        return bool(request.user.has_perms(self.needed(request, view), obj))
