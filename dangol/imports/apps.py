from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ImportsConfig(AppConfig):
    name = "dangol.imports"
    label = "imports"

    def ready(self) -> None:
        """Learn from every app what kinds of rows it can load."""
        autodiscover_modules("imports")
