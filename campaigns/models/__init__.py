"""What the campaigns keep: media and drafts, campaigns, and what became of them."""

from campaigns.models.broadcast import Broadcast, Recipient, SendResult, new_clientmsgid
from campaigns.models.campaign import FIGURES, Audience, Campaign, CampaignImage, ListedOpenid, MsgType
from campaigns.models.draft import Article, Draft, RemoteDraft, Revision
from campaigns.models.event import CampaignEvent, Door, Verb
from campaigns.models.library import LibraryImport
from campaigns.models.media import MediaAsset, MediaKind, RemoteMedia, Target
from campaigns.models.preview import Preview
from campaigns.models.publication import Publication
from campaigns.models.quota import MassCalls, MonthReceived
from campaigns.models.recall import Recall
from campaigns.models.split import Split
from campaigns.models.statistic import ArticleStatistic, StatisticsDay

__all__ = [
    "FIGURES",
    "Article",
    "ArticleStatistic",
    "Audience",
    "Broadcast",
    "Campaign",
    "CampaignEvent",
    "CampaignImage",
    "Door",
    "Draft",
    "LibraryImport",
    "ListedOpenid",
    "MassCalls",
    "MediaAsset",
    "MediaKind",
    "MonthReceived",
    "MsgType",
    "Preview",
    "Publication",
    "Recall",
    "Recipient",
    "RemoteDraft",
    "RemoteMedia",
    "Revision",
    "SendResult",
    "Split",
    "StatisticsDay",
    "Target",
    "Verb",
    "new_clientmsgid",
]
