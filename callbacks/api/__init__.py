"""The callbacks' part of the API: a module for each noun."""

from callbacks.api import callbacks, conversations, menus, notices, overview, rules

VIEWSETS = {
    **callbacks.VIEWSETS,
    **notices.VIEWSETS,
    **conversations.VIEWSETS,
    **menus.VIEWSETS,
    **rules.VIEWSETS,
    **overview.VIEWSETS,
}

__all__ = ["VIEWSETS", "callbacks", "conversations", "menus", "notices", "overview", "rules"]
