"""What WeChat pushes, and what becomes of it, in the admin: a module for each noun."""

from callbacks.admin import callbacks, conversations, home, menus, notices, rules

__all__ = ["callbacks", "conversations", "home", "menus", "notices", "rules"]
