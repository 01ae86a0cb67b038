"""What the followers keep: the mirror of WeChat (followers, tags), the runs of mirroring, and saved filters."""

from followers.models.day import FollowerDay
from followers.models.follower import Follower, FollowerQuerySet, Scene, Sex
from followers.models.segment import ListedFollower, OpenidList, Segment
from followers.models.sync import Sync
from followers.models.tag import Tag, Tagging

__all__ = [
    "Follower",
    "FollowerDay",
    "FollowerQuerySet",
    "ListedFollower",
    "OpenidList",
    "Scene",
    "Segment",
    "Sex",
    "Sync",
    "Tag",
    "Tagging",
]
