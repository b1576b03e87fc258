"""One run from its beginning, or from where it stood, to its end."""

from __future__ import annotations

import uuid

from dangol.sources.connecting import NotYet, Trouble, Unreachable, connector
from dangol.sources.models import Run
from dangol.sources.running.applying import apply_all
from dangol.sources.running.ending import finish
from dangol.sources.running.giving_up import fail_run, note_trouble, wait_run
from dangol.sources.running.holding import Stopped, take_over
from dangol.sources.running.reading import read_all


def carry_on(key: uuid.UUID) -> Run:
    """Read what is not read yet, apply what is not applied yet; the run as it stands then.

    Raises Unreachable when another try may help: what was read by then is kept.
    """
    try:
        run = take_over(key)
        if not run.read_at:
            run = read(run)
        if run.read_at:
            run = apply_all(run)
            return finish(key, run.token)
    except Stopped:
        pass
    except NotYet as refusal:
        wait_run(key, refusal)
    except Unreachable as failure:
        note_trouble(key, failure)
        raise
    except Trouble as failure:
        fail_run(key, failure.reason, failure.facts)
    return Run.objects.select_related("source").get(pk=key)


def read(run: Run) -> Run:
    """The first half, over a connection of its own."""
    source = run.source
    opened = connector(source.connection, source.reach, source.hidden)
    try:
        return read_all(run, opened)
    finally:
        opened.close()
