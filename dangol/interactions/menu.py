from django.utils.translation import gettext_lazy as _

from dangol.ui.menu import MenuItem, register

register(
    MenuItem(
        _("Conversations"), "interactions:list", "phone", "interactions.see", order=35, key="g i"
    )
)
