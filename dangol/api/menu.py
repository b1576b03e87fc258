from django.utils.translation import gettext_lazy as _

from dangol.ui.menu import MenuItem, register

register(MenuItem(_("API tokens"), "tokens", "key", "tokens.own", order=90, group=_("Settings")))
