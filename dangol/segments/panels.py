from django.utils.translation import gettext_lazy as _

from dangol.ui.panels import Panel, register

register(
    Panel(
        "segments", "customer", _("Segments"), "segments:customer_panel", "segments.see", order=45,
    )
)  # fmt: skip
