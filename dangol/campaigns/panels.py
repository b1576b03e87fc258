from django.utils.translation import gettext_lazy as _

from dangol.ui.panels import Panel, register

register(
    Panel(
        "happy_calls", "customer", _("Happy calls: why and why not"), "campaigns:customer_panel",
        "interactions.see", order=40, open=False,
    )
)  # fmt: skip
