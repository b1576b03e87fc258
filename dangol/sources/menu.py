from django.utils.translation import gettext_lazy as _

from dangol.ui.menu import MenuItem, register

register(
    MenuItem(_("Sources"), "sources:list", "plug", "sources.see", order=66, group=_("Settings")),
    MenuItem(_("Outgoing"), "sources:subscribers", "send", "sources.see", order=67, group=_("Settings")),
)  # fmt: skip
