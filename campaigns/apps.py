from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = _("Campaigns")

    def ready(self) -> None:
        from campaigns import (  # noqa: F401 - they register what they have
            attention,
            conditions,
            findable,
            live,
            metrics,
            segment_uses,
            weekly,
        )
        from followers import segments

        segments.register_user(segment_uses.find)
