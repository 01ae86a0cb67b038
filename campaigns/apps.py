from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = _("Campaigns")

    def ready(self) -> None:
        from campaigns import attention, conditions, live, metrics, segment_uses, weekly  # noqa: F401 - they register
        from followers import segments

        segments.register_user(segment_uses.find)
