"""Every recurring job on one screen.

The left side is the job's name as its app declares it in jobs.py, the right side the cron line
(a sixth field counts seconds), in the time zone of the company.
Each of these jobs takes the argument `timestamp` (seconds since 1970 of the planned moment).
"""

from __future__ import annotations

SCHEDULE: dict[str, str] = {
    "core.rescue_stalled_jobs": "* * * * * */10",
    "api.forget_old_answers": "17 * * * *",
    "warehouse.copy_changes": "* * * * * */30",
    "warehouse.compact": "*/10 * * * *",
    "warehouse.check": "20 4 * * *",
    "identity.match_new": "* * * * * */5",
    "identity.match_all": "30 2 * * *",
    "identity.check_quality": "10 5 * * 1",
    "segments.refresh": "* * * * *",
    "segments.forget_changes": "50 3 * * *",
    "cubes.keep_sums": "* * * * * */30",
    "cubes.look": "12 * * * *",
    "cubes.send_subscriptions": "*/5 * * * *",
    "imports.delete_old_files": "40 3 * * *",
    "sources.start_due_runs": "* * * * * */15",
    "sources.begin": "* * * * * */5",
    "sources.deliver": "* * * * * */5",
    "sources.drop_files": "* * * * * */15",
    "sources.forget_old_rows": "20 3 * * *",
    "customers.fold_check_tallies": "23 * * * *",
    "cases.escalate_due_cases": "* * * * *",
    "contact_centre.follow_calls": "* * * * *",
    "campaigns.make_due_calls": "*/5 * * * *",
    "scores.start_due_runs": "7 * * * *",
    "scores.try_again": "*/5 * * * *",
    "quality.count_checks": "27 * * * *",
    "quality.look_every_night": "50 4 * * *",
}
