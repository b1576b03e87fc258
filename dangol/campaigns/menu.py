from django.utils.translation import gettext_lazy as _

from dangol.ui.menu import MenuItem, register

register(
    MenuItem(_("Programmes"), "campaigns:list", "target", "programmes.see", order=15, key="g p")
)
