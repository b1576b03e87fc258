from django.utils.translation import gettext_lazy as _

from dangol.ui.menu import MenuItem, register

register(
    MenuItem(_("Data quality"), "quality:summary", "circle-check", "quality.see", order=42, key="g q"),
    MenuItem(_("Correction tasks"), "quality:tasks", "clipboard-list", "quality.correct", order=43),
)  # fmt: skip
