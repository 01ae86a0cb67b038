"""The admin: what every app's pages share (`base`), the official accounts, and the models of other packages."""

from wxcore.admin import accounts, findable, periodic, tokens, users, webhook_deliveries, webhooks

__all__ = ["accounts", "findable", "periodic", "tokens", "users", "webhook_deliveries", "webhooks"]
