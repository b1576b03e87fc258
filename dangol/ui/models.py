from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from dangol.core.rows import Row


class SavedView(Row):
    """A list as someone likes to see it: filters, order and columns under a name."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    list_key = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=60)
    query = models.TextField(blank=True)
    shared = models.BooleanField(_("shared"), default=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "list_key", "name"], name="saved_view_name")
        ]
        indexes = [models.Index(fields=["list_key", "shared"], name="saved_view_list")]

    def __str__(self) -> str:
        return self.name
