from django.utils.translation import gettext_lazy as _

from dangol.ui.menu import MenuItem, register

register(
    MenuItem(_("Places"), "places:list", "building-2", "places.see", order=70, group=_("Settings")),
    MenuItem(_("People"), "places:people", "user", "people.see", order=72, group=_("Settings")),
    MenuItem(_("Changes"), "places:audit", "history", "audit.see", order=94, group=_("Settings")),
    MenuItem(
        _("Access log"), "places:access", "shield", "audit.see", order=95, group=_("Settings")
    ),
)
