"""People and organisations, how to reach them, and how fresh that knowledge is."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dangol.core.rows import Row
from dangol.places.models import Place


class CustomerKind(models.TextChoices):
    """A person or an organisation."""

    PERSON = "person", pgettext_lazy("kind of customer", "Person")
    ORGANISATION = "organisation", _("Organisation")


SEXES = {"f": pgettext_lazy("sex", "Female"), "m": pgettext_lazy("sex", "Male")}


class Customer(Row):
    """One customer. An id once given resolves for ever (see Alias)."""

    kind = models.CharField(_("kind"), max_length=12, choices=CustomerKind, default="person")
    name = models.CharField(_("name"), max_length=120)
    given_name = models.CharField(_("given name"), max_length=60, blank=True)
    family_name = models.CharField(_("family name"), max_length=60, blank=True)
    born_on = models.DateField(_("date of birth"), null=True, blank=True)
    gender = models.CharField(_("gender"), max_length=1, blank=True)
    language = models.CharField(_("language"), max_length=5, default="ko")
    home_place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("home site")
    )
    tier = models.CharField(_("tier"), max_length=20, blank=True)
    note = models.TextField(_("note"), blank=True)
    source = models.CharField(max_length=40, blank=True)
    source_key = models.CharField(max_length=100, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField(default=1)
    """Counts changes; a form sends the one it saw, so that no edit is lost silently."""
    name_jamo = models.CharField(max_length=400, editable=False, default="")
    """The name in single letters (홍 → ㅎㅗㅇ), lower case: for finding with typing errors."""
    name_initials = models.CharField(max_length=120, editable=False, default="")
    """Initial consonants (홍길동 → ㅎㄱㄷ)."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_key"],
                condition=~models.Q(source_key=""),
                name="customer_source_key",
            )
        ]
        indexes = [
            models.Index(fields=["created_at", "id"], name="customer_created"),
            models.Index(fields=["name", "id"], name="customer_by_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Alias(models.Model):
    """An id or source key of a customer that was merged into another."""

    old_id = models.UUIDField(primary_key=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="aliases")

    def __str__(self) -> str:
        return str(self.old_id)


class ContactKind(models.TextChoices):
    """Ways to reach somebody."""

    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    ADDRESS = "address", _("Address")


class ContactState(models.TextChoices):
    """What the latest check said."""

    UNVERIFIED = "unverified", _("Not yet verified")
    VERIFIED = "verified", pgettext_lazy("contact point", "Verified")
    WRONG = "wrong", pgettext_lazy("contact point", "Wrong")
    MOVED = "moved", pgettext_lazy("contact point", "Moved")


class EndedFor(models.TextChoices):
    """Why a contact point ended without a person's decision."""

    SOURCE = "source", _("no source says it any more")
    DOUBLE = "double", _("it stood there twice")


class ContactPoint(Row):
    """A phone number (E.164), e-mail address or postal address of a customer."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=10, choices=ContactKind)
    value = models.CharField(max_length=254)
    """Phone: +821012345678. E-mail: lower case. Address: one line."""
    parts = models.JSONField(default=dict, blank=True)
    """Address: {"postcode", "province", "district", "street", "detail", "country"}."""
    label = models.CharField(max_length=30, blank=True)
    preferred = models.BooleanField(default=False)
    """The first of its kind to use: derived from what was chosen, from checks and from records."""
    chosen_at = models.DateTimeField(null=True)
    """When a person chose it before the others of its kind."""
    state = models.CharField(max_length=10, choices=ContactState, default="unverified")
    """Written by the latest check; always equal to what the checks say."""
    checked_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_for = models.CharField(
        max_length=10, blank=True, choices=EndedFor, default="", db_default=""
    )
    """Why, where no person ended it; empty: a person did, and no source brings it back."""
    tail = models.CharField(max_length=20, editable=False, default="")
    """A phone's digits reversed, so that "ends with 5678" is a prefix test."""
    said_since = models.DateTimeField(null=True)
    """Since when a source said so when it brought it, where that is older than this row."""
    undated = models.BooleanField(default=False, db_default=False)
    """A system brought it that tells of no value how old it is: when we first read it says nothing."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind", "value"],
                condition=models.Q(ended_at=None),
                name="contact_point_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["state", "customer"],
                condition=models.Q(ended_at=None, state__in=["wrong", "moved"]),
                name="contact_point_wrong",
            )
        ]

    def __str__(self) -> str:
        return self.value


class Check(Row):
    """One try to use a contact point, and what came of it. Never changed."""

    contact_point = models.ForeignKey(ContactPoint, models.CASCADE, related_name="checks")
    outcome = models.CharField(max_length=10, choices=ContactState)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=40, blank=True)
    """Where the checked value had come from, so that the rate of wrong data is known by source."""
    home_place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    """The customer's home site at that time: a later move does not rewrite the figures of the past."""
    day = models.DateField()
    """The day of the check where that site lies."""
    interaction_id = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["day"], name="check_day"),
            models.Index(
                fields=["-at", "id"],
                condition=models.Q(outcome__in=["wrong", "moved"]),
                name="check_wrong_newest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_point_id} {self.outcome}"


class TallySpan(models.TextChoices):
    """How much time one tally counts."""

    DAY = "day"
    MONTH = "month"


class CheckTally(models.Model):
    """Checks counted by home site and source, once by the day and once by the month.

    Kept by statement triggers on checks, which only ever add signed rows, so that nobody waits for
    another's count; a day or month is the sum of its rows, and a job folds them together.
    """

    span = models.CharField(max_length=5, choices=TallySpan)
    first = models.DateField()
    """The day, or the first day of the month."""
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", db_index=False)
    source = models.CharField(max_length=40, blank=True)
    checked = models.BigIntegerField()
    wrong = models.BigIntegerField()
    """Those that found the value wrong or its owner moved away."""

    class Meta:
        indexes = [
            models.Index(
                fields=["span", "first"],
                include=["place", "source", "checked", "wrong"],
                name="check_tally_read",
            )
        ]

    def __str__(self) -> str:
        return f"{self.first} {self.source} {self.wrong}/{self.checked}"


class RelationKind(models.TextChoices):
    """How one customer is tied to another, said from the first of the two."""

    HOUSEHOLD = "household", _("Same household")
    EMPLOYEE = "employee_of", _("Works for")
    OWNER = "owner_of", _("Owns")
    INFLUENCES = "influences", _("Influences")
    BRANCH = "branch_of", _("Branch of")


class Relation(Row):
    """A tie between two customers: household, employee of, owner of, influences."""

    from_customer = models.ForeignKey(Customer, models.CASCADE, related_name="relations")
    to_customer = models.ForeignKey(Customer, models.CASCADE, related_name="related_from")
    kind = models.CharField(max_length=20, choices=RelationKind)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["from_customer", "to_customer", "kind"],
                condition=models.Q(ended_at=None),
                name="relation_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(from_customer=models.F("to_customer")),
                name="relation_between_two",
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class KnownName(models.Model):
    """Each spelling of a name once, in single letters: where typing errors are looked up.

    Kept by a trigger on customers; millions of customers share a few hundred thousand names.
    """

    name_jamo = models.CharField(max_length=400, primary_key=True)

    def __str__(self) -> str:
        return self.name_jamo


from dangol.customers.attributes.models import (  # noqa: E402 - found by Django here
    Attribute,  # noqa: F401
    AttributeKind,  # noqa: F401
    AttributeValue,  # noqa: F401
)
from dangol.customers.records.models import (  # noqa: E402 - found by Django here
    RecordVersion,  # noqa: F401
    SourceRecord,  # noqa: F401
)
