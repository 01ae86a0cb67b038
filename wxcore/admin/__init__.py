"""The admin: what every app's pages share (`base`), the official accounts, and the models of other packages."""

from wxcore.admin import accounts, periodic, tokens, users, webhook_deliveries, webhooks

__all__ = ["accounts", "periodic", "tokens", "users", "webhook_deliveries", "webhooks"]
