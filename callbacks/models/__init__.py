"""What WeChat pushes, and what becomes of it: one noun a module."""

from callbacks.models.callback import Callback, CallbackQuerySet
from callbacks.models.conversation import Conversation, Direction, Message, MessageStatus
from callbacks.models.menu import Menu, MenuVersion
from callbacks.models.notice import NoticeConsent, NoticeResult
from callbacks.models.rule import Match, ReplyKind, ReplyRule, Trigger

__all__ = [
    "Callback",
    "CallbackQuerySet",
    "Conversation",
    "Direction",
    "Match",
    "Menu",
    "MenuVersion",
    "Message",
    "MessageStatus",
    "NoticeConsent",
    "NoticeResult",
    "ReplyKind",
    "ReplyRule",
    "Trigger",
]
