"""What became of each article day by day, and which days of an account have been fetched."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.broadcast import Broadcast
from wxcore.failures import Failure
from wxcore.models import OfficialAccount


class ArticleStatistic(models.Model):
    """One article of one broadcast on one day; what WeChat did not tell is null.

    The first columns are of that day alone. `readers`, `*_readers`, `*_users` and `from_*` count people, the others
    times. The columns `total_*` are sums from the send to the end of that day.
    """

    account_path = "broadcast__account"

    broadcast = models.ForeignKey(Broadcast, on_delete=models.CASCADE, related_name="statistics", db_index=False)
    article = models.PositiveSmallIntegerField(_("number"))  # from 1
    day = models.DateField()  # in Shanghai
    readers = models.PositiveIntegerField(null=True)
    reads = models.PositiveIntegerField(null=True)
    original_readers = models.PositiveIntegerField(null=True)  # of "read the original"
    original_reads = models.PositiveIntegerField(null=True)
    share_users = models.PositiveIntegerField(null=True)
    shares = models.PositiveIntegerField(null=True)
    favourite_users = models.PositiveIntegerField(null=True)
    favourites = models.PositiveIntegerField(null=True)
    from_messages = models.PositiveIntegerField(null=True)
    from_chats = models.PositiveIntegerField(null=True)
    from_moments = models.PositiveIntegerField(null=True)
    from_profile = models.PositiveIntegerField(null=True)
    from_recommended = models.PositiveIntegerField(null=True)
    from_search = models.PositiveIntegerField(null=True)
    from_other = models.PositiveIntegerField(null=True)
    total_readers = models.PositiveIntegerField(null=True)
    total_reads = models.PositiveIntegerField(null=True)
    total_share_users = models.PositiveIntegerField(null=True)
    total_shares = models.PositiveIntegerField(null=True)
    total_favourite_users = models.PositiveIntegerField(null=True)
    total_likes = models.PositiveIntegerField(null=True)
    total_recommendations = models.PositiveIntegerField(null=True)
    total_comments = models.PositiveIntegerField(null=True)
    total_new_followers = models.PositiveIntegerField(null=True)
    finish_rate = models.FloatField(null=True)  # 0 to 1, of the same time as the totals
    reading_minutes = models.FloatField(null=True)

    class Meta:
        verbose_name = _("article statistic")
        verbose_name_plural = _("article statistics")
        constraints = [models.UniqueConstraint(fields=["broadcast", "article", "day"], name="article_statistic_once")]

    def __str__(self) -> str:
        return f"{self.broadcast_id}/{self.article} {self.day}"


class StatisticsDay(Failure):
    """One day of one account whose article statistics are wanted. Without `due_at` nobody asks for it any more."""

    account = models.ForeignKey(OfficialAccount, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()  # in Shanghai
    # When to ask, or the end of a worker's lease.
    due_at = models.DateTimeField(_("next step"), null=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    fetched_at = models.DateTimeField(null=True)
    delayed = models.BooleanField(default=False)  # WeChat has not counted everything yet

    class Meta:
        verbose_name = _("day of statistics")
        verbose_name_plural = _("days of statistics")
        constraints = [models.UniqueConstraint(fields=["account", "day"], name="statistics_day_once")]
        indexes = [
            models.Index(fields=["due_at"], name="statistics_day_due", condition=Q(due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.day}"
