"""What the documents and the settings say about each other."""

from __future__ import annotations

import re

from django.conf import settings

SETTINGS = (settings.BASE_DIR / "wxcore" / "settings.py").read_text()
VARIABLES = set(re.findall(r'env\.\w+\(\s*"(\w+)"', SETTINGS))


def test_every_variable_is_explained() -> None:
    explained = set(re.findall(r"`([A-Z][A-Z0-9_]+)", (settings.BASE_DIR / "docs" / "operating.md").read_text()))

    assert len(VARIABLES) > 20
    assert sorted(VARIABLES - explained) == []
