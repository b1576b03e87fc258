from django.apps import AppConfig


class ContactCentreConfig(AppConfig):
    name = "dangol.contact_centre"
    label = "contact_centre"
