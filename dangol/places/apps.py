from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PlacesConfig(AppConfig):
    name = "dangol.places"
    label = "places"

    def ready(self) -> None:
        """Take in the words that apps above lend to the trail of changes."""
        autodiscover_modules("trail")
