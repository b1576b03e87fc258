from django.utils.translation import gettext_lazy as _

from dangol.ui.menu import MenuItem, register

register(MenuItem(_("Scores"), "scores:models", "scale", "scores.see", order=46, key="g r"))
