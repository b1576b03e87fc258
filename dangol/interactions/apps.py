from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class InteractionsConfig(AppConfig):
    name = "dangol.interactions"
    label = "interactions"

    def ready(self) -> None:
        """Take in the words of questions that apps above lend."""
        autodiscover_modules("question_names")
