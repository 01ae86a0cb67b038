"""The callbacks' part of the API: a module for each noun."""

from callbacks.api import callbacks, conversations, rules

VIEWSETS = {**callbacks.VIEWSETS, **conversations.VIEWSETS, **rules.VIEWSETS}

__all__ = ["VIEWSETS", "callbacks", "conversations", "rules"]
