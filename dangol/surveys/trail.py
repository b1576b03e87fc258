"""What is done to surveys and answers, in the words of the trail."""

from django.utils.translation import gettext_lazy as _

from dangol.places.trail import lend_labels, lend_pages, lend_words, whose_keys_are_others

lend_words(
    {
        "complete_response": _("Answers completed"),
        "correct_response": _("Answers corrected"),
        "create_survey": _("Survey created"),
        "define_index": _("Index defined"),
        "invite": _("Personal link made"),
        "publish_version": _("Survey version published"),
        "rename_survey": _("Survey renamed"),
        "withdraw_response": _("Answers withdrawn"),
    },
    {
        "surveys.index": _("Index"),
        "surveys.response": _("Answers"),
        "surveys.survey": _("Survey"),
        "surveys.version": _("Survey version"),
    },
)
lend_pages(
    {
        "answers": _("Answers"),
        "api answers": _("Answers"),
    }
)
whose_keys_are_others("surveys.response", "completed_at", "link", "withdrawn_at")
lend_labels(
    {
        "completed_at": _("Completed"),
        "link": _("Personal link"),
        "number": _("Number"),
        "title": _("Title"),
        "title_en": _("English title"),
        "weights": _("Weights"),
        "withdrawn_at": _("Withdrawn"),
    }
)
