from django.utils.translation import gettext_lazy as _

from dangol.ui.menu import MenuItem, register

register(
    MenuItem(
        _("Purchases"), "purchases:list", "shopping-bag", "purchases.see", order=40, key="g t"
    ),
    MenuItem(
        _("Products"), "purchases:products", "package", "purchases.see", order=72,
        group=_("Settings"),
    ),
)  # fmt: skip
