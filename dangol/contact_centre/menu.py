from django.utils.translation import gettext_lazy as _

from dangol.ui.menu import MenuItem, register

register(
    MenuItem(_("Agents"), "contact_centre:agents", "headset", "agents.see", order=16, key="g w")
)
