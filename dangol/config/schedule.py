"""Every recurring job on one screen: cron line, job, why.

Each app registers its own task in jobs.py; this table says when it runs.
"""

SCHEDULE: dict[str, str] = {
    # "campaigns.make_due_calls": "*/5 * * * *",
}
