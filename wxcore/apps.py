from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class QunfaConfig(AppConfig):
    name = "wxcore"
    verbose_name = _("Official accounts")

    def ready(self) -> None:
        from wxcore import checks, findable, roles  # noqa: F401 - the first two register what they have
        from wxcore.weekly import needs  # noqa: F401 - it registers its section

        post_migrate.connect(roles.ship, dispatch_uid="wxcore.roles.ship")
