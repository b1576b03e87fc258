from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class WarehouseConfig(AppConfig):
    name = "dangol.warehouse"
    label = "warehouse"
    verbose_name = _("Lake")

    def ready(self) -> None:
        """Learn every app's facts; after migrations, watch the tables that they read."""
        from dangol.warehouse import capture

        autodiscover_modules("facts")
        post_migrate.connect(capture.after_migrations, sender=self)
