from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "dangol.desk"
    label = "desk"
