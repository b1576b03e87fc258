"""Sign-in rules for allauth: accounts are given by an administrator, never taken."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpRequest

from dangol.core.models import User


class ClosedSignUp(DefaultAccountAdapter):
    """Nobody signs up by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in; a language that was chosen on the way stays."""
        chosen = request.session.get("language")
        super().login(request, user)
        if chosen in dict(settings.LANGUAGES) and chosen != user.language:
            user.language = chosen
            user.save(update_fields=["language"])


class Backend(AuthenticationBackend):
    """Reads the person of a session together with what the bell shows: one question, not two."""

    def get_user(self, user_id: object) -> User | None:
        unread = Count("notices", filter=Q(notices__read_at=None))
        return User.objects.annotate(unread=unread).filter(pk=user_id).first()
