from django.utils.translation import gettext_lazy as _

from dangol.ui.panels import Panel, register

register(
    Panel(
        "interactions", "customer", _("Conversations"), "interactions:customer_panel",
        "interactions.see", order=30,
    )
)  # fmt: skip
