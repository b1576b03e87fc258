"""What can be listened to: each app registers its topics, "prefix:key", in topics.py."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from dangol.core.models import User

State = dict[str, Any]


class Source:
    """The topics of one prefix: who may listen, and the present state of each."""

    def may_listen(self, user: User, key: str) -> bool:
        """Whether this person may see the topic now; asked again every half minute."""
        raise NotImplementedError

    def snapshot(self, keys: Collection[str]) -> Mapping[str, State]:
        """The present state of these topics, read from the database."""
        raise NotImplementedError

    def changed(
        self, announced: Mapping[str, list[State]], listened: Collection[str]
    ) -> Mapping[str, State]:
        """States that may differ since the last call, among the topics that somebody listens to.

        `announced` has what actions said about each key; it is empty every half minute, for what
        changes by itself with time.
        """
        return self.snapshot([key for key in announced if key in listened])

    def forget(self) -> None:
        """Announcements may have been missed: keep nothing in memory."""


class Functions(Source):
    """A source made of two functions."""

    def __init__(
        self,
        may_listen: Callable[[User, str], bool],
        snapshot: Callable[[Collection[str]], Mapping[str, State]],
    ) -> None:
        self.may_listen = may_listen  # type: ignore[method-assign]
        self.snapshot = snapshot  # type: ignore[method-assign]


SOURCES: dict[str, Source] = {}


def register_source(prefix: str, source: Source) -> None:
    """Offer the topics of a prefix."""
    SOURCES[prefix] = source


def register(
    prefix: str,
    may_listen: Callable[[User, str], bool],
    snapshot: Callable[[Collection[str]], Mapping[str, State]],
) -> None:
    """Offer the topics of a prefix by two functions."""
    register_source(prefix, Functions(may_listen, snapshot))


def source_of(topic: str) -> tuple[Source, str] | None:
    """The source and the key of "prefix:key"; None for a topic that nobody offers."""
    prefix, colon, key = topic.partition(":")
    source = SOURCES.get(prefix)
    return (source, key) if source and colon and key else None
