from django.apps import AppConfig


class PurchasesConfig(AppConfig):
    name = "dangol.purchases"
    label = "purchases"
