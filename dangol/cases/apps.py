from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "dangol.cases"
    label = "cases"
