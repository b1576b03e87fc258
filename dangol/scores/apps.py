from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ScoresConfig(AppConfig):
    name = "dangol.scores"
    label = "scores"
    verbose_name = _("Scores")

    def ready(self) -> None:
        """After migrations each kind of score has its model."""
        from dangol.scores.defaults import make_default_models

        post_migrate.connect(make_default_models, sender=self)
