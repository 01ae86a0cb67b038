"""Inputs that the theme does not have."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import ReadOnlyPasswordHashWidget
from django.template.loader import render_to_string
from django.utils.safestring import SafeString


class OfThisSite:
    """Drawn by a template of this site; Django looks for those of widgets in the apps only."""

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        return render_to_string(template_name, context)


class Rights(OfThisSite, forms.CheckboxSelectMultiple):
    """Permissions as boxes; the names of the groups of its choices have two parts, a heading and a line's."""

    template_name = "admin/widgets/rights.html"


class PasswordState(OfThisSite, ReadOnlyPasswordHashWidget):
    """Whether there is a password; Django shows the algorithm and a part of the hash."""

    template_name = "admin/widgets/password.html"
