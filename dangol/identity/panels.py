from django.utils.translation import gettext_lazy as _

from dangol.ui.panels import Panel, register

register(
    Panel("golden", "customer", _("Where each value comes from"), "matching:golden", "customers.see", order=30),
    Panel("records", "customer", _("Records and why they belong together"), "matching:records", "customers.see", order=31, open=False),
)  # fmt: skip
