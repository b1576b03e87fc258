from django.utils.translation import gettext_lazy as _

from dangol.ui.menu import MenuItem, register

register(
    MenuItem(_("Lake"), "warehouse:lake", "database", "lake.see", order=88, group=_("Settings"))
)
