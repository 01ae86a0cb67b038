from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = _("Campaigns")

    def ready(self) -> None:
        from campaigns import conditions, metrics, segment_uses  # noqa: F401 - two of them register what they have
        from followers import segments

        segments.register_user(segment_uses.find)
