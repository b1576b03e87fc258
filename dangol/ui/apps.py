from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "dangol.ui"
    label = "ui"
    verbose_name = _("Screens")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from dangol.ui import notices, slots

        slots.register(slots.Slot("notices", "ui/notices/bell.html", context=notices.bell))
        autodiscover_modules("menu", "panels", "slots", "finders", "deeds")
