from django.utils.translation import gettext_lazy as _

from dangol.ui.menu import MenuItem, register

register(
    MenuItem(
        _("Answers"), "surveys:responses", "message-square", "answers.see", order=40, key="g a"
    ),
    MenuItem(_("Surveys"), "surveys:list", "clipboard-list", "surveys.see", order=60, key="g s"),
)
