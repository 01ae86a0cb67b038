"""Who may use the API: the model permissions of the admin, on the account of the row, in the scope of the token."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS, BasePermission, DjangoModelPermissions
from rest_framework.request import Request

from wxcore import rights
from wxcore.errors import Forbidden
from wxcore.models import Scope
from wxcore.throttling import slow_down

# Whoever has one of these reaches followers or the public. A view names the exceptions in `verb_scopes`.
SENDING = {
    "campaigns.send_campaign",
    "campaigns.recall_campaign",
    "campaigns.add_publication",
    "campaigns.delete_publication",
    "callbacks.publish_menu",
    "callbacks.answer_conversation",
}


class ScopeMissing(Forbidden):
    code = "scope_missing"
    message = _("This needs a token with the scope “%(scope)s”.")
    fix = _("Create a token with this scope, or log in.")


class LoginNeeded(Forbidden):
    code = "login_needed"
    message = _("This is done by a person who has logged in, and by no token.")
    fix = _("Log in and do it there: whoever finds a token must not be able to make others of it.")


def demand_scope(request: Request, scope: Scope) -> None:
    """This will refuse a request through a token that is not for `scope`. Raises ScopeMissing."""
    token = rights.token_of(request.user)
    if token is not None and scope not in token.scopes:
        raise ScopeMissing(scope=scope.value, fields={"scope": scope.value})


def is_known(request: Request) -> bool:
    """This will tell whether somebody has logged in or shown a token. Raises Throttled."""
    if request.user and request.user.is_authenticated:
        return True
    slow_down(request)
    return False


class SignedIn(BasePermission):
    """For views of no model: whoever has logged in, or has a token that may read."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not is_known(request):
            return False
        demand_scope(request, Scope.READ)
        return True


class LoggedInStaff(BasePermission):
    """For what people do in the admin and no program does."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not is_known(request):
            return False
        if rights.token_of(request.user) is not None:
            raise LoginNeeded
        return bool(request.user.is_staff)


class ModelPermissions(DjangoModelPermissions):
    """Login required; reading needs the model's view permission, a verb the one that its view names.

    A token needs the scope besides: `send` for a permission of SENDING, `read` for one to view, else `write`; or what
    the view says in `verb_scopes`.
    """

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
        if not is_known(request):
            return False
        needed = self.needed(request, view)
        if not user.has_perms(needed):
            return False
        demand_scope(request, scope_of(view, request.method, needed))
        return True

    def has_object_permission(self, request: Request, view: Any, obj: Any) -> bool:
        return bool(request.user.has_perms(self.needed(request, view), obj))


def scope_of(view: Any, method: str | None, needed: list[str]) -> Scope:
    """This will be the scope that a token needs for what is asked."""
    chosen: Scope | None = getattr(view, "verb_scopes", {}).get(getattr(view, "action", None))
    if chosen is not None:
        return chosen
    if method in SAFE_METHODS or all(".view_" in name for name in needed):
        return Scope.READ
    return Scope.SEND if SENDING & set(needed) else Scope.WRITE
