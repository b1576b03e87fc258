from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "dangol.surveys"
    label = "surveys"
