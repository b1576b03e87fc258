from django.utils.translation import gettext_lazy as _

from dangol.ui.menu import MenuItem, register

register(
    MenuItem(_("Segments"), "segments:list", "users-round", "segments.see", order=16, key="g e")
)
