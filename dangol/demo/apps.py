from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "dangol.demo"
    label = "demo"
