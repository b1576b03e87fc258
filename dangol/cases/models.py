"""A case: a promise to a customer, the site that owns it, and who held it from when to when."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dangol.core.rows import Row
from dangol.customers.models import Customer
from dangol.interactions.models import Interaction, Thread
from dangol.places.models import Place


class Kind(models.TextChoices):
    """What the customer's voice is."""

    COMPLAINT = "complaint", _("Complaint")
    REQUEST = "request", _("Request")
    ENQUIRY = "enquiry", _("Enquiry")
    SUGGESTION = "suggestion", _("Suggestion")
    PRAISE = "praise", _("Praise")


class Priority(models.IntegerChoices):
    """How soon; each step halves the time that the category gives."""

    LOW = 0, _("Low")
    NORMAL = 1, _("Normal")
    HIGH = 2, _("High")
    URGENT = 3, _("Urgent")


class Holder(models.TextChoices):
    """Whose turn it is."""

    SITE = "site", _("Site")
    HEAD_OFFICE = "head_office", _("Head office")
    CUSTOMER = "customer", _("Customer")


class Category(Row):
    """A node of the tree of what cases are about; gives the minutes until a solution."""

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.COMPLAINT)
    minutes = models.PositiveIntegerField(_("working minutes"), default=480)
    """Working minutes from opening to solution at normal priority."""
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        if self.name_en and (get_language() or "").startswith("en"):
            return self.name_en
        return self.name


class Rule(Row):
    """When a completed response opens a case by itself."""

    name = models.CharField(_("name"), max_length=100)
    process = models.CharField(_("process"), max_length=20, blank=True)
    """Only responses of this process; empty: any."""
    question = models.CharField(_("question key"), max_length=60, blank=True)
    """Empty: the whole index of the response. "call_me": the wish to be called."""
    at_most = models.FloatField(_("score at most (0–100)"), null=True, blank=True)
    equals = models.CharField(_("answer is"), max_length=100, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority, default=Priority.NORMAL
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(at_most__isnull=False) | ~Q(equals="") | Q(question="call_me"),
                name="rule_tests_something",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Case(Row):
    """One promise. Its minutes are derived from its stints; instants here are for sorting only."""

    number = models.BigIntegerField(unique=True, editable=False)
    thread = models.ForeignKey(Thread, models.PROTECT, related_name="cases")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="cases")
    place = models.ForeignKey(
        Place, models.PROTECT, related_name="cases", verbose_name=_("owner site")
    )
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="cases", verbose_name=_("category")
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority, default=Priority.NORMAL
    )
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("what the customer says"), blank=True)
    rule = models.ForeignKey(Rule, models.PROTECT, null=True, related_name="+")
    response_id = models.UUIDField(null=True)
    interaction = models.ForeignKey(Interaction, models.PROTECT, null=True, related_name="cases")
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    minutes = models.PositiveIntegerField(_("minutes allowed"))
    holder = models.CharField(max_length=12, choices=Holder, default=Holder.SITE)
    """The open stint's holder."""
    due_at = models.DateTimeField(null=True)
    """When the clock runs out if nothing changes; null while it stands. Derived."""
    warn_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    resolution = models.TextField(_("what was done"), blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    confirmed = models.BooleanField(null=True)
    """Whether the customer said that it is solved; null: nobody could ask."""
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "response_id"],
                condition=Q(rule__isnull=False, response_id__isnull=False),
                name="case_once_per_rule_and_response",
            )
        ]
        indexes = [
            models.Index(
                fields=["place", "due_at"], condition=Q(closed_at=None), name="case_open_place"
            ),
            models.Index(fields=["due_at"], condition=Q(closed_at=None), name="case_open_due"),
            models.Index(fields=["customer", "-opened_at"], name="case_customer"),
            models.Index(fields=["-opened_at"], name="case_opened"),
            models.Index(fields=["place", "-opened_at"], name="case_place_opened"),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"

    @property
    def state(self) -> str:
        """open, waiting (for the customer), resolved (waiting for confirmation) or closed."""
        if self.closed_at:
            return "closed"
        if self.resolved_at:
            return "resolved"
        return "waiting" if self.holder == Holder.CUSTOMER else "open"


class Stint(Row):
    """Who held the case from when to when; together they cover its life without gap or overlap."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="stints")
    holder = models.CharField(max_length=12, choices=Holder)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    """Whose calendar counts the minutes."""
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["from_at"]
        constraints = [
            ExclusionConstraint(
                name="stints_never_overlap",
                expressions=[
                    (F("case"), RangeOperators.EQUAL),
                    (
                        Func(
                            F("from_at"),
                            F("to_at"),
                            RangeBoundary(),
                            function="TSTZRANGE",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.CheckConstraint(
                condition=Q(to_at=None) | Q(to_at__gte=F("from_at")), name="stint_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder} {self.from_at}"


class Note(Row):
    """Something said about a case inside the company."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(_("note"))
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.text[:40]


class Attachment(Row):
    """A file kept with a case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="attachments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    file = models.FileField(upload_to="cases/%Y/%m/")
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.name


class Escalation(Row):
    """The case went up the tree because its clock ran out."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="escalations")
    level = models.PositiveSmallIntegerField()
    """1: the place above the site, 2: the one above that, …"""
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["level"]
        constraints = [
            models.UniqueConstraint(fields=["case", "level"], name="escalated_once_a_level")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} ↑{self.level}"
