from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "dangol.core"
    label = "core"

    def ready(self) -> None:
        """Load every app's subscribers and live topics, once all models are known."""
        autodiscover_modules("subscribers", "topics")
