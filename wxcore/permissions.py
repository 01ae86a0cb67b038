"""Who may use the API: the same model permissions as in the admin."""

from __future__ import annotations

from rest_framework.permissions import DjangoModelPermissions


class ModelPermissions(DjangoModelPermissions):
    """Login required; reading needs the model's view permission, a verb the one that its view names."""

    perms_map = {
        **DjangoModelPermissions.perms_map,
        "GET": ["%(app_label)s.view_%(model_name)s"],
        "HEAD": ["%(app_label)s.view_%(model_name)s"],
    }

    def has_permission(self, request, view):
        verb = getattr(view, "verb_permissions", {}).get(getattr(view, "action", None))
        if verb:
            return bool(request.user and request.user.is_authenticated and request.user.has_perm(verb))
        return super().has_permission(request, view)
