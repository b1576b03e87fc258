from django.apps import AppConfig


class InteractionsConfig(AppConfig):
    name = "dangol.interactions"
    label = "interactions"
