"""People who sign in, the event ledger, the audit trail and the access log."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dangol.core.ids import uuid7
from dangol.core.roles import ABILITIES, COMPANY_WIDE, Role
from dangol.core.rows import Row


class UserManager(BaseUserManager["User"]):
    """Makes people; an e-mail address is written in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email__iexact=email)


class User(AbstractBaseUser, Row):
    """A person who signs in. What they may do, and where, is in their grants (see places)."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    language = models.CharField(max_length=5, choices=settings.LANGUAGES, default="ko")
    theme = models.CharField(max_length=5, default="auto")
    is_active = models.BooleanField(default=True)
    extension = models.CharField(_("extension"), max_length=20, blank=True)

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The roles held anywhere, at this moment."""
        if not self.is_active:
            return frozenset()
        return frozenset(Role(role) for role, *_where in self.spans_held)

    @cached_property
    def spans_held(self) -> list[tuple[str, int, int, list[int], list[int]]]:
        """The open grants with their spans, read once for the gate and every scope."""
        return self.grants.held()  # type: ignore[attr-defined,no-any-return]

    limited_to: frozenset[str] | None = None
    """The abilities of the token that this request came with; None: all of the person's."""

    def can(self, ability: str) -> bool:
        """Whether a role held anywhere has the ability, and the token (if any) allows it.

        What belongs to the whole company needs the role at the top.
        """
        if self.limited_to is not None and ability not in self.limited_to:
            return False
        if not ABILITIES[ability] & self.roles:
            return False
        return ability not in COMPANY_WIDE or self.holds_at_the_top(ability)

    def holds_at_the_top(self, ability: str) -> bool:
        """Whether the roles with the ability reach over every place there is."""
        held = [s for s in self.spans_held if Role(s[0]) in ABILITIES[ability]]
        tops = zip(*held[0][3:], strict=True) if held else ()
        return bool(held) and all(
            any(lo <= begin and end <= hi for _role, lo, hi, *_tops in held) for begin, end in tops
        )


class Event(models.Model):
    """What happened, when, by whom, about what: written in the transaction that caused it."""

    position = models.BigAutoField(primary_key=True)
    id = models.UUIDField(default=uuid7, unique=True)
    name = models.CharField(max_length=80)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    subject_id = models.UUIDField(null=True)
    thread_id = models.UUIDField(null=True)
    customer_id = models.UUIDField(null=True)
    place_id = models.UUIDField(null=True)
    payload = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["customer_id", "-position"], name="event_customer"),
            models.Index(fields=["subject_id", "-position"], name="event_subject"),
            models.Index(fields=["thread_id", "position"], name="event_thread"),
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.position}"


class AuditEntry(Row):
    """Who changed what, from what, to what. Never changed, never deleted by the product."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=80)
    subject_id = models.UUIDField()
    changes = models.JSONField(default=dict)
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject_id", "-created_at"], name="audit_subject")]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type}"


class AccessEntry(Row):
    """Who saw whose data: one row for each page, with every subject that it showed."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    what = models.CharField(max_length=80)
    address = models.GenericIPAddressField(null=True)
    subjects = ArrayField(models.UUIDField())
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["by", "-created_at"], name="access_by")]

    def __str__(self) -> str:
        return f"{self.by_id} {self.what}"


class Revision(models.Model):
    """The revision of something that processes keep in memory (see revisions.py)."""

    name = models.CharField(max_length=40, primary_key=True)
    token = models.CharField(max_length=16)


class Notice(Row):
    """A short message to a person: a mention, a case that is now theirs, a clock that ran out."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    text = models.CharField(max_length=300)
    url = models.CharField(max_length=200, blank=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-created_at"], name="notice_user")]

    def __str__(self) -> str:
        return self.text
