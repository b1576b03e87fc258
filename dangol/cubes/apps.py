from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CubesConfig(AppConfig):
    name = "dangol.cubes"
    label = "cubes"
    verbose_name = _("Analysis")

    def ready(self) -> None:
        """Declare the subjects once, in the order in which the explorer offers them."""
        from dangol.cubes.subjects import declared  # noqa: F401
