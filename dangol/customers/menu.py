from django.utils.translation import gettext_lazy as _

from dangol.ui.menu import MenuItem, register

register(
    MenuItem(_("Customers"), "customers:list", "users", "customers.see", order=40, key="g u"),
    MenuItem(_("Own attributes"), "customers:own_attributes", "layout-list", "attributes.edit", order=74, group=_("Settings")),
)  # fmt: skip
