"""Template filter: how Chinese words are set beside each other and beside Latin ones, when they were put together."""

from __future__ import annotations

import re

from django import template
from django.template.defaultfilters import stringfilter

register = template.Library()

_HAN = "\u4e00-\u9fff"
_APART = re.compile(rf"(?<=[{_HAN}])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[{_HAN}])")
_TOGETHER = re.compile(rf"(?<=[{_HAN}。；！？]) (?=[{_HAN}])")


@register.filter(is_safe=True)
@stringfilter
def spaced(text: str) -> str:
    """This will set a space between a Chinese and a Latin word, and none between two Chinese ones."""
    return _APART.sub(" ", _TOGETHER.sub("", text))
