from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "dangol.sources"
    label = "sources"
