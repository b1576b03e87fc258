"""What is done to models and their use, in the words of the trail."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dangol.customers.trail import customer_names
from dangol.places.trail import (
    Field,
    lend_fields,
    lend_labels,
    lend_pages,
    lend_words,
    whose_keys_are_others,
)

lend_words(
    {
        "scores.model_changed": _("Model changed"),
        "scores.outcome_recorded": _("Outcome of a use recorded"),
        "scores.run_asked": _("Run of a model ordered"),
        "scores.use_begun": _("Use begun"),
        "scores.use_ended": _("Use ended"),
        "scores.use_exported": _("Customers of a use exported"),
        "scores.use_resumed": _("Use taken up again"),
        "scores.version_learned": _("Version of a model learned"),
        "scores.version_promoted": _("Version of a model put into use"),
    },
    {
        "scores.modelversion": _("Version of a model"),
        "scores.scoremodel": _("Model"),
        "scores.use": pgettext_lazy("of scores", "Use"),
    },
)
lend_pages(
    {
        "api scores": _("Customers by score"),
        "returns": _("Customers of a use"),
        "scores": _("Customers by score"),
        "voices": _("What customers said"),
    }
)
whose_keys_are_others("scores.use", "customers", "hold_out")
lend_fields("scores.use", {"customer": Field(_("Customer"), names=customer_names)}.get)
lend_labels(
    {
        "champion": _("Champion"),
        "customers": _("Customers"),
        "learn": _("Learns anew"),
        "learn_every": _("Learns"),
        "metrics": _("Figures"),
        "score_every": _("Scores"),
        "settings": _("Settings"),
    }
)
