"""OfficialAccount, who works for it, the access token that all processes share, webhooks. One noun a module."""

from wxcore.models.account import (
    ArticleEndpoint,
    Kind,
    MediaLimits,
    MessageMode,
    OfficialAccount,
    TokenEndpoint,
    validate_api_base_url,
    validate_time_zone,
)
from wxcore.models.api_token import ApiToken, Scope
from wxcore.models.kept_answer import KeptAnswer
from wxcore.models.membership import Membership
from wxcore.models.token import AccessToken
from wxcore.models.webhook import DeliveryStatus, Webhook, WebhookDelivery
from wxcore.models.weekly import MailStatus, WeeklyMail

__all__ = [
    "AccessToken",
    "ApiToken",
    "ArticleEndpoint",
    "DeliveryStatus",
    "KeptAnswer",
    "Kind",
    "MailStatus",
    "MediaLimits",
    "Membership",
    "MessageMode",
    "OfficialAccount",
    "Scope",
    "TokenEndpoint",
    "Webhook",
    "WebhookDelivery",
    "WeeklyMail",
    "validate_api_base_url",
    "validate_time_zone",
]
