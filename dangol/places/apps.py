from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "dangol.places"
    label = "places"
