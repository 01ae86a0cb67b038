"""The callbacks' part of the API: a module for each noun."""

from callbacks.api import callbacks, conversations

VIEWSETS = {**callbacks.VIEWSETS, **conversations.VIEWSETS}

__all__ = ["VIEWSETS", "callbacks", "conversations"]
