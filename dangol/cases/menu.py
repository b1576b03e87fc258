from django.utils.translation import gettext_lazy as _

from dangol.ui.menu import MenuItem, register

register(
    MenuItem(_("Cases"), "cases:list", "flag", "cases.see", order=30, key="g c"),
    MenuItem(
        _("Case rules"), "cases:rules", "workflow", "cases.configure", order=82, group=_("Settings")
    ),
)
