from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QunfaConfig(AppConfig):
    name = "wxcore"
    verbose_name = _("Official accounts")

    def ready(self) -> None:
        from wxcore import checks  # noqa: F401 - registers the system checks
