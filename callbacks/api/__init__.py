"""The callbacks' part of the API: a module for each noun."""

from callbacks.api import callbacks

VIEWSETS = {**callbacks.VIEWSETS}

__all__ = ["VIEWSETS", "callbacks"]
