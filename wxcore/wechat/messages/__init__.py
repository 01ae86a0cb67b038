"""What WeChat pushes to our callback: XML or JSON in, dataclasses out. Pure functions.

    Push                     any message or event
    ├── chat                 what followers write and send
    ├── events               what followers do
    ├── jobs                 what became of our mass sends, publications and template messages
    ├── notices              subscription notices
    └── account              authorisations, verification, cards

`MESSAGE_KINDS` and `EVENT_KINDS` are all that we know by name.
https://developers.weixin.qq.com/doc/service/guide/dev/push/
"""

from wxcore.wechat.messages.account import (
    AccountVerification,
    AuthorizationCancelled,
    AuthorizationRevoked,
    CardEvent,
    UserInfoModified,
)
from wxcore.wechat.messages.chat import (
    FileMessage,
    ImageMessage,
    LinkMessage,
    LocationMessage,
    TextMessage,
    VideoMessage,
    VoiceMessage,
)
from wxcore.wechat.messages.containers import Container, MalformedPush
from wxcore.wechat.messages.events import (
    CustomerServiceSession,
    EnterTempSession,
    LocationReport,
    MenuClick,
    MenuLocation,
    MenuMiniProgram,
    MenuPictures,
    MenuScan,
    MenuView,
    Scan,
    Subscribe,
    Unsubscribe,
)
from wxcore.wechat.messages.jobs import ArticleResult, MassSendJobFinish, PublishJobFinish, TemplateSendJobFinish
from wxcore.wechat.messages.notices import Consent, NoticeChange, NoticePopup, NoticeSent, SentNotice
from wxcore.wechat.messages.parsing import EVENT_KINDS, MESSAGE_KINDS, dedup_key, encrypted_part, parse
from wxcore.wechat.messages.push import Kind, Push
from wxcore.wechat.messages.statuses import Outcome, parse_status, status_meaning

__all__ = [
    "EVENT_KINDS",
    "MESSAGE_KINDS",
    "AccountVerification",
    "ArticleResult",
    "AuthorizationCancelled",
    "AuthorizationRevoked",
    "CardEvent",
    "Consent",
    "Container",
    "CustomerServiceSession",
    "EnterTempSession",
    "FileMessage",
    "ImageMessage",
    "Kind",
    "LinkMessage",
    "LocationMessage",
    "LocationReport",
    "MalformedPush",
    "MassSendJobFinish",
    "MenuClick",
    "MenuLocation",
    "MenuMiniProgram",
    "MenuPictures",
    "MenuScan",
    "MenuView",
    "NoticeChange",
    "NoticePopup",
    "NoticeSent",
    "Outcome",
    "PublishJobFinish",
    "Push",
    "Scan",
    "SentNotice",
    "Subscribe",
    "TemplateSendJobFinish",
    "TextMessage",
    "Unsubscribe",
    "UserInfoModified",
    "VideoMessage",
    "VoiceMessage",
    "dedup_key",
    "encrypted_part",
    "parse",
    "parse_status",
    "status_meaning",
]
