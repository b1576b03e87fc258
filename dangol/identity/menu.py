from django.utils.translation import gettext_lazy as _

from dangol.ui.menu import MenuItem, register

register(MenuItem(_("Matching"), "matching:desk", "split", "matching.see", order=41, key="g m"))
