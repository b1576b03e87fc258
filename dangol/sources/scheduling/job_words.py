"""The product's own recurring jobs in words: what each does for the people who use it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

JOBS: dict[str, str | Promise] = {
    "core.rescue_stalled_jobs": _("Take up jobs whose worker died"),
    "api.forget_old_answers": _("Forget old answers of the API"),
    "warehouse.copy_changes": _("Copy changes into the lake"),
    "warehouse.compact": _("Join small files of the lake"),
    "warehouse.check": _("Compare the lake with the database"),
    "identity.match_new": _("Match new records"),
    "identity.match_all": _("Match all records"),
    "identity.check_quality": _("Draw a sample of the matching"),
    "segments.refresh": _("Count segments anew"),
    "segments.forget_changes": _("Forget old changes of segments"),
    "cubes.keep_sums": _("Keep sums of the explorer"),
    "cubes.look": _("Look for unusual figures"),
    "cubes.send_subscriptions": _("Send subscribed views"),
    "imports.delete_old_files": _("Delete old import files"),
    "sources.start_due_runs": _("Start sources that are due"),
    "sources.begin": _("Begin to tell other systems"),
    "sources.deliver": _("Send changes to other systems"),
    "sources.drop_files": _("Write files of changes"),
    "sources.forget_old_rows": _("Forget rows of old runs"),
    "customers.fold_check_tallies": _("Add up checks of contact points"),
    "cases.escalate_due_cases": _("Escalate overdue cases"),
    "contact_centre.follow_calls": _("Follow calls under way"),
    "campaigns.make_due_calls": _("Plan calls that are due"),
    "scores.start_due_runs": _("Compute scores"),
    "scores.try_again": _("Compute scores again that failed or found too little data"),
    "quality.count_checks": _("Count checks of contact points"),
    "quality.look_every_night": _("Measure data quality"),
}
