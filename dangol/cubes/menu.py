from django.utils.translation import gettext_lazy as _

from dangol.ui.menu import MenuItem, register

register(
    MenuItem(_("Explorer"), "cubes:explorer", "chart-column", "cubes.see", order=12, key="g x", group=_("Analysis"))
)  # fmt: skip
