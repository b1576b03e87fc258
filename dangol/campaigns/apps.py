from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "dangol.campaigns"
    label = "campaigns"
