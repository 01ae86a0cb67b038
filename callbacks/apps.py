from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CallbacksConfig(AppConfig):
    name = "callbacks"
    verbose_name = _("Interaction")

    def ready(self) -> None:
        from callbacks import attention, findable, live, media_uses, metrics, weekly  # noqa: F401 - they register what they have
        from callbacks.management import demo_rules
        from campaigns import mediause
        from campaigns.management import seeds

        mediause.register_user(media_uses)
        seeds.register(demo_rules.create)
