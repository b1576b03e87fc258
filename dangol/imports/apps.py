from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "dangol.imports"
    label = "imports"
