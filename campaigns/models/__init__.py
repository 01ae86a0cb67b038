"""What the campaigns keep: media and drafts, campaigns, and what became of them."""

from campaigns.models.broadcast import Broadcast, Recipient, SendResult, new_clientmsgid
from campaigns.models.campaign import FIGURES, Audience, Campaign, CampaignImage, ListedOpenid, MsgType
from campaigns.models.draft import Article, Draft, RemoteDraft, Revision
from campaigns.models.library import LibraryImport
from campaigns.models.media import MediaAsset, MediaKind, RemoteMedia, Target
from campaigns.models.preview import Preview
from campaigns.models.publication import Publication

__all__ = [
    "FIGURES",
    "Article",
    "Audience",
    "Broadcast",
    "Campaign",
    "CampaignImage",
    "Draft",
    "LibraryImport",
    "ListedOpenid",
    "MediaAsset",
    "MediaKind",
    "MsgType",
    "Preview",
    "Publication",
    "Recipient",
    "RemoteDraft",
    "RemoteMedia",
    "Revision",
    "SendResult",
    "Target",
    "new_clientmsgid",
]
