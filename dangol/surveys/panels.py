from django.utils.translation import gettext_lazy as _

from dangol.ui.panels import Panel, register

register(
    Panel("answers", "customer", _("Answers"), "surveys:customer_panel", "answers.see", order=30),
    Panel("answers", "response", _("Answers"), "surveys:response_panel", "answers.see", order=10),
)
