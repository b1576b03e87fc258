"""Every job stands in the lane that it should have; a new one has to decide, here too."""

from __future__ import annotations

import pytest
from django.conf import settings

from dangol.config.working import slots_of
from dangol.core.jobs import Lane, app, task

LANES = {
    Lane.QUICK: {
        "cases.escalate_due_cases", "contact_centre.follow_calls", "core.rescue_stalled_jobs",
        "sources.start_due_runs",
    },
    Lane.STEADY: {
        "campaigns.make_due_calls", "identity.match_all", "identity.match_new", "sources.begin",
    },
    Lane.SENDING: {"sources.deliver"},
    Lane.LONG: {
        "api.forget_old_answers", "cubes.keep_sums", "cubes.look", "cubes.send_subscriptions",
        "customers.fold_check_tallies", "identity.check_quality", "identity.count_costs",
        "identity.count_figures", "identity.draw_sample", "identity.narrow_consents",
        "imports.delete_old_files", "imports.load", "imports.plan", "quality.count_checks",
        "quality.look_every_night", "scores.run", "scores.start_due_runs", "scores.try_again",
        "segments.forget_changes", "segments.refresh", "segments.refresh_asked",
        "segments.refresh_one", "sources.drop_files", "sources.forget_old_rows", "sources.run",
        "warehouse.check", "warehouse.compact", "warehouse.copy_changes", "warehouse.rebuild",
    },
}  # fmt: skip
UNLOCKED = {"core.rescue_stalled_jobs", "identity.match_new", "sources.deliver"}
"""What may run beside its like: it ends at once there, or does what the other leaves."""


def ours() -> set[str]:
    """Every job that the product declares."""
    return {
        name for name in app.tasks if not name.startswith(("builtin", "procrastinate", "tests."))
    }


def test_every_job_has_the_lane_that_it_should_have() -> None:
    found = {lane: {name for name in ours() if app.tasks[name].queue == lane} for lane in Lane}
    assert found == LANES
    assert set().union(*LANES.values()) == ours()


def test_a_job_without_a_lane_is_refused() -> None:
    with pytest.raises(TypeError, match="lane"):
        task(name="tests.undecided")


def test_what_recurs_takes_one_slot() -> None:
    locked = {name for name in settings.RECURRING if app.tasks[name].lock == name}
    assert set(settings.RECURRING) - locked == UNLOCKED


def test_each_steady_job_has_a_slot_and_long_ones_have_their_own() -> None:
    steady = len(LANES[Lane.STEADY])
    assert slots_of(2, 2) == {Lane.LONG: 2, Lane.QUICK: 2, Lane.SENDING: 2, Lane.STEADY: steady}
    assert slots_of(0, 3) == {Lane.LONG: 3}
    assert Lane.LONG not in slots_of(1, 0) and slots_of(0, 0) == {}
