"""What is done in the explorer of figures, in the words of the trail."""

from django.utils.translation import gettext_lazy as _

from dangol.places.trail import lend_labels, lend_pages, lend_words

lend_words(
    {
        "cubes.goal_changed": _("Goal changed"),
        "cubes.goal_ended": _("Goal ended"),
        "cubes.goal_set": _("Goal set"),
        "cubes.issue_closed": _("Issue closed"),
        "cubes.issue_opened": _("Issue opened"),
        "cubes.issue_taken": _("Issue taken"),
        "cubes.subscribed": _("View subscribed to"),
        "cubes.unsubscribed": _("Subscription to a view ended"),
        "cubes.view_ended": _("View ended"),
        "cubes.view_saved": _("View saved"),
        "cubes.watch_changed": _("Watch changed"),
        "cubes.watch_ended": _("Watch ended"),
        "cubes.watch_set": _("Watch set"),
    },
    {
        "cubes.goal": _("Goal"),
        "cubes.issue": _("Issue"),
        "cubes.subscription": _("Subscription to a view"),
        "cubes.view": _("View"),
        "cubes.watch": _("Watch"),
    },
)
lend_pages(
    {
        "cubes": _("Customers behind a figure"),
    }
)
lend_labels(
    {
        "value": _("Value"),
    }
)
