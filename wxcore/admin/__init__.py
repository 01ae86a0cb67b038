"""The admin: what every app's pages share (`base`), the official accounts, and the models of other packages."""

from wxcore.admin import accounts, periodic, users

__all__ = ["accounts", "periodic", "users"]
