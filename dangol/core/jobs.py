"""Jobs kept in PostgreSQL and enqueued in the caller's own transaction (procrastinate)."""

from procrastinate.contrib.django import app

task = app.task
periodic = app.periodic

__all__ = ["app", "periodic", "task"]
