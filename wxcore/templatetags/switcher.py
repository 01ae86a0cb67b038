"""Template tag: the account switcher of the sidebar."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import RequestContext

from wxcore.admin import switcher

register = template.Library()


@register.inclusion_tag("admin/switcher.html", takes_context=True)
def account_switcher(context: RequestContext) -> dict[str, Any]:
    """This will show the accounts that somebody works for, if there are several."""
    request = context["request"]
    return {
        "accounts": switcher.options(request),
        "chosen": switcher.chosen(request),
        "request": request,
        "csrf_token": context.get("csrf_token"),
    }
