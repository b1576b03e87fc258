"""Live boards: one topic for each place."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from zoneinfo import ZoneInfo

from django.utils import timezone

from dangol.board.duties import case_counts_by_place
from dangol.board.standing import Standing
from dangol.core.live.topics import Source, State, register_source
from dangol.core.models import User
from dangol.places.models import Place
from dangol.places.scope import places_visible_to

EVERYTHING = "everything"
"""The key that an action announces when the tree itself changed."""


class Boards(Source):
    """Keeps all sums in memory: an answer costs one query for its line of places, and one ranking."""

    def __init__(self) -> None:
        self.standing: Standing | None = None
        self.days: set[dt.date] = set()

    def may_listen(self, user: User, key: str) -> bool:
        """A person hears the boards that lie in the own scope."""
        try:
            place = uuid.UUID(key)
        except ValueError:
            return False
        return places_visible_to(user, "board.see").filter(pk=place).exists()

    def forget(self) -> None:
        self.standing = None

    def snapshot(self, keys: Collection[str]) -> Mapping[str, State]:
        standing = self.present()
        found = {key: standing.state(uuid.UUID(key)) for key in keys}
        return {key: state for key, state in found.items() if state is not None}

    def changed(
        self, announced: Mapping[str, list[State]], listened: Collection[str]
    ) -> Mapping[str, State]:
        if EVERYTHING in announced or self.standing is None or self.days != days_now():
            self.forget()
            return self.snapshot(listened)
        if not announced:
            return {}
        rows = self.standing.read(timezone.now(), [uuid.UUID(key) for key in announced])
        keys = {str(self.standing.keys[row]) for row in rows}
        return self.snapshot(keys.intersection(listened))

    def present(self) -> Standing:
        """The sums in memory; read in full at first, when a day begins and when the tree changes."""
        if self.standing is None:
            self.days = days_now()
            self.standing = Standing(timezone.now())
        return self.standing


class Duties(Boards):
    """How many cases are open, late, soon late and waiting, for each place that somebody watches."""

    def snapshot(self, keys: Collection[str]) -> Mapping[str, State]:
        counts = case_counts_by_place([uuid.UUID(key) for key in keys], timezone.now())
        return {str(key): state for key, state in counts.items()}

    def changed(
        self, announced: Mapping[str, list[State]], listened: Collection[str]
    ) -> Mapping[str, State]:
        # Clocks run out by themselves, so that an empty announcement counts all again.
        return self.snapshot(listened)


def days_now() -> set[dt.date]:
    """Which days it is, in the time zones of the places."""
    zones = Place.objects.values_list("time_zone", flat=True).order_by().distinct()
    return {timezone.now().astimezone(ZoneInfo(zone)).date() for zone in zones}


register_source("board", Boards())
register_source("duties", Duties())
