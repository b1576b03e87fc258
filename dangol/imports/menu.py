from django.utils.translation import gettext_lazy as _

from dangol.ui.menu import MenuItem, register

register(
    MenuItem(
        _("Imports"), "imports:list", "upload", "imports.run", order=70, group=_("Settings"),
        key="g f",
    )
)  # fmt: skip
