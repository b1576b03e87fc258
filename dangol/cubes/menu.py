from django.utils.translation import gettext_lazy as _

from dangol.ui.menu import MenuItem, register

register(
    MenuItem(_("Goals"), "cubes:goals", "target", "cubes.see", order=61, group=_("Analysis")),
    MenuItem(_("Explorer"), "cubes:explorer", "chart-column", "cubes.see", order=62, key="g x", group=_("Analysis")),
    MenuItem(_("Issues"), "cubes:issues", "triangle-alert", "cubes.see", order=63, group=_("Analysis"), also=("cubes:watch",)),
)  # fmt: skip
