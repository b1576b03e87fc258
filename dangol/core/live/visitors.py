"""Who is at the other end of a stream: the same session as the pages, asked from the database."""

from __future__ import annotations

from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie
from types import SimpleNamespace
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections

from dangol.core.live.topics import source_of
from dangol.core.models import User


def session_key(cookies: str) -> str:
    """The session of the pages in a Cookie header; empty for strangers."""
    try:
        morsel = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


def origin_allowed(origin: str, host: str) -> bool:
    """The pages may come from another port of this host, or from an origin that we trust."""
    if not origin or origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    return urlsplit(origin).hostname == urlsplit(f"//{host}").hostname


def allowed_topics(visits: Iterable[tuple[str, frozenset[str]]]) -> list[frozenset[str] | None]:
    """For each (session, topics): which of them the person may hear now; None when signed out.

    Sessions are read from the database, not from this process's cache: a sign-out ends the stream.
    """
    close_old_connections()
    try:
        people: dict[str, User | None] = {}
        answers: list[frozenset[str] | None] = []
        for key, topics in visits:
            if key not in people:
                people[key] = person_of(key)
            user = people[key]
            heard = {t for t in topics if user and may_listen(user, t)}
            answers.append(frozenset(heard) if user else None)
        return answers
    finally:
        close_old_connections()


def person_of(key: str) -> User | None:
    """The signed-in, active person of a session."""
    if not key:
        return None
    user = get_user(SimpleNamespace(session=SessionStore(key)))  # type: ignore[arg-type]
    return user if isinstance(user, User) and user.is_active else None


def may_listen(user: User, topic: str) -> bool:
    """Whether the topic exists and this person may hear it."""
    found = source_of(topic)
    return found is not None and found[0].may_listen(user, found[1])
