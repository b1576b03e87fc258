from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "dangol.ui"
    label = "ui"
    verbose_name = _("Screens")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        autodiscover_modules("menu", "panels", "slots", "finders")
