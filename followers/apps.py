from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FollowersConfig(AppConfig):
    name = "followers"
    verbose_name = _("Followers")

    def ready(self) -> None:
        from followers import attention, findable, live, weekly  # noqa: F401 - they register what they have
