from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CustomersConfig(AppConfig):
    name = "dangol.customers"
    label = "customers"

    def ready(self) -> None:
        """Take in the ways of finding and the timelines that apps above lend."""
        autodiscover_modules("lookups", "timeline")
