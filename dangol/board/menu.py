from django.utils.translation import gettext_lazy as _

from dangol.ui.menu import MenuItem, register

register(MenuItem(_("Board"), "board:home", "gauge", "board.see", order=10, key="g b"))
