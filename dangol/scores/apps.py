from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ScoresConfig(AppConfig):
    name = "dangol.scores"
    label = "scores"
    verbose_name = _("Scores")

    def ready(self) -> None:
        """After migrations each kind of score has its model; the page of jobs says which failed."""
        from dangol.scores.defaults import make_default_models
        from dangol.scores.queries import failures_told
        from dangol.sources.scheduling.recurring import lend_failures

        post_migrate.connect(make_default_models, sender=self)
        lend_failures("scores.start_due_runs", failures_told)
