"""Programmes, their stages, the calls that fell due, each try, and why."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dangol.core.rows import Row
from dangol.customers.models import Customer
from dangol.interactions.models import Interaction, Outcome, Questionnaire, Thread
from dangol.places.models import Place, must_know_holidays_of
from dangol.purchases.models import Product, Transaction, TransactionKind

USER = settings.AUTH_USER_MODEL
PROMISED, SOONER, ORDINARY, LATER = 0, 1, 2, 3
LEVELS = [PROMISED, SOONER, ORDINARY, LATER]


def weekday_hours() -> dict[str, list[list[str]]]:
    """Calls on working days, not at lunch."""
    return {str(day): [["09:00", "12:00"], ["13:00", "18:00"]] for day in range(5)}


def usual_waits() -> dict[str, int]:
    """Minutes until the next try, by how the last one ended."""
    return {"busy": 15, "no_answer": 240, "failed": 15}


class Purpose(models.TextChoices):
    """What a programme is for."""

    HAPPY_CALL = "happy_call", _("Happy call")
    CONFIRMATION = "confirmation", _("Confirmation")
    RESEARCH = "research", _("Research")
    PROMOTION = "promotion", _("Promotion")


class Campaign(Row):
    """A programme: one purpose, its rules and its days."""

    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose, default="happy_call")
    place = models.ForeignKey(
        Place, models.PROTECT, related_name="+", verbose_name=_("place"),
        help_text=_("Only customers of sites at or below this place are called."),
    )  # fmt: skip
    priority = models.PositiveSmallIntegerField(
        _("priority"), default=5, help_text=_("1 comes first, 9 last.")
    )
    daily_capacity = models.PositiveIntegerField(
        _("calls a day"), null=True, blank=True, help_text=_("Empty: no limit.")
    )
    starts_on = models.DateField(_("starts on"), default=timezone.localdate)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    hours = models.JSONField(_("calling hours"), default=weekday_hours, blank=True)
    """{"0": [["09:00", "12:00"], …], …}: Monday is 0; local time of the customer's site."""
    country = models.CharField(
        _("country of public holidays"), max_length=10, default="KR", blank=True
    )
    quarantine_days = models.PositiveSmallIntegerField(
        _("quarantine (days)"), default=7,
        help_text=_("Nobody is called who spoke with us within so many days."),
    )  # fmt: skip
    valid_days = models.PositiveSmallIntegerField(
        _("valid for (days)"), default=30,
        help_text=_("A call that could not be made so many days after it fell due is given up."),
    )  # fmt: skip
    made_until = models.DateField(null=True, editable=False)
    """Due days before this one are made; the day itself is looked at again."""
    paused_at = models.DateTimeField(null=True, editable=False)
    paused_by = models.ForeignKey(USER, models.PROTECT, null=True, editable=False, related_name="+")
    revision = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["priority", "created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="programme_days_in_order",
            )
        ]

    def __str__(self) -> str:
        if self.name_en and (get_language() or "").startswith("en"):
            return self.name_en
        return self.name

    def clean(self) -> None:
        """A country whose public holidays are known, or none: every desk asks for them."""
        must_know_holidays_of(self.country)


class Stage(Row):
    """One call of a programme: so many days after a transaction of this kind, product and place."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="stages")
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    days_after = models.PositiveSmallIntegerField(_("days after"), default=7)
    kind = models.CharField(
        _("transaction"), max_length=10, choices=TransactionKind, blank=True,
        help_text=_("Empty: any."),
    )  # fmt: skip
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product"),
        help_text=_("And everything below it; empty: any."),
    )  # fmt: skip
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("site"),
        help_text=_("And everything below it; empty: any."),
    )  # fmt: skip
    script = models.TextField(_("script"), blank=True)
    script_en = models.TextField(_("English script"), blank=True)
    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("survey"),
    )  # fmt: skip
    max_attempts = models.PositiveSmallIntegerField(_("attempts at most"), default=5)
    waits = models.JSONField(_("waits (minutes)"), default=usual_waits)
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["campaign", "order", "created_at"]

    def __str__(self) -> str:
        if self.name_en and (get_language() or "").startswith("en"):
            return self.name_en
        return self.name


class Target(Row):
    """A due call. A lease is no flag: until it is over, the call is simply not due (next_at)."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="targets", db_index=False)
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="targets", db_index=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="targets")
    thread = models.ForeignKey(Thread, models.PROTECT, related_name="targets")
    transaction = models.ForeignKey(
        Transaction, models.PROTECT, null=True, related_name="+", db_index=False
    )
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", db_index=False)
    occasion = models.UUIDField()
    """What made it due (a transaction, a case's resolution): once for each stage."""
    subject_id = models.UUIDField(null=True)
    """The case that is to be confirmed."""
    due_on = models.DateField()
    due_at = models.DateTimeField()
    level = models.PositiveSmallIntegerField(default=ORDINARY)
    """Order within the programme: promised, sooner, ordinary, later."""
    zone = models.CharField(max_length=40, default="Asia/Seoul")
    next_at = models.DateTimeField()
    """The next try; while an agent has it, the end of the lease."""
    attempts_made = models.PositiveSmallIntegerField(default=0)
    assigned_to = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", db_index=False
    )
    leased_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", db_index=False)
    leased_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    finished_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", db_index=False
    )
    result = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stage", "occasion"], name="target_once_per_occasion"),
            models.CheckConstraint(
                condition=models.Q(finished_at=None, result="")
                | (models.Q(finished_at__isnull=False) & ~models.Q(result="")),
                name="target_finished_with_a_result",
            ),
        ]
        indexes = [
            models.Index(
                fields=["campaign", "zone", "level", "next_at"],
                condition=models.Q(finished_at=None, assigned_to=None),
                name="target_pool",
            ),
            models.Index(
                fields=["assigned_to", "level", "next_at"],
                condition=models.Q(finished_at=None, assigned_to__isnull=False),
                name="target_assigned",
            ),
            models.Index(fields=["campaign", "next_at", "id"], name="target_list"),
            models.Index(fields=["campaign", "customer", "due_on"], name="target_customer_due"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.stage_id} {self.customer_id} {self.due_on}"

    def state(self, at: object = None) -> str:
        """waiting, leased, done or dropped, as the row says at an instant."""
        if self.finished_at:
            return "done" if self.result in Outcome.values else "dropped"
        return (
            "leased" if self.leased_by_id and self.next_at > (at or timezone.now()) else "waiting"
        )


class Attempt(Row):
    """One try: which conversation, by whom, and how it ended."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="attempts")
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+", db_index=False)
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+", db_index=False)
    interaction = models.OneToOneField(Interaction, models.PROTECT, related_name="attempt")
    agent = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", db_index=False)
    outcome = models.CharField(max_length=20, choices=Outcome)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["campaign", "at"], name="attempt_campaign_at")]

    def __str__(self) -> str:
        return f"{self.outcome} {self.at:%Y-%m-%d %H:%M}"


class Reason(models.TextChoices):
    """Why a customer was chosen or not."""

    CHOSEN = "chosen", _("Chosen")
    NO_PHONE = "no_phone", _("No phone number")
    WRONG_PHONE = "wrong_phone", _("Every phone number is wrong")
    SAME_DAY = "same_day", _("Another transaction of the same day is called about")
    ALREADY_CALLED = "already_called", _("This stage has already called")
    OTHER_STAGE_SOONER = "other_stage_sooner", _("Another stage calls sooner")
    QUARANTINE = "quarantine", _("Quarantine after a contact")
    TOO_LATE = "too_late", _("Too late")
    PROGRAMME_ENDED = "programme_ended", _("The programme has ended")
    NOT_NEEDED = "not_needed", _("No longer needed")
    ATTEMPTS_SPENT = "attempts_spent", _("All attempts are spent")
    DROPPED = "dropped", _("Taken off the list")
    CAPACITY = "capacity", _("The day's calls are made")
    MERGED = "merged", _("Merged: one call is enough")
    # These four are worked out when asked, never stored: nothing was decided yet.
    NOT_MATCHING = "not_matching", _("No matching transaction")
    NOT_YET_DUE = "not_yet_due", _("Not yet due")
    BEFORE_START = "before_start", _("Before the programme's start")
    NOTHING_TO_CONFIRM = "nothing_to_confirm", _("No solved case waits for confirmation")


class Decision(Row):
    """Why a customer was chosen or skipped, with the facts that decided it."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="decisions", db_index=False)
    stage = models.ForeignKey(Stage, models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    transaction = models.ForeignKey(
        Transaction, models.CASCADE, null=True, related_name="+", db_index=False
    )
    target = models.ForeignKey(Target, models.CASCADE, null=True, related_name="decisions")
    chosen = models.BooleanField()
    reason = models.CharField(max_length=20, choices=Reason)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()
    making = models.BooleanField(default=True)
    """Decided when the list was made (once per transaction), or later at the desk."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "transaction"], condition=models.Q(making=True),
                name="decided_once_when_made",
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["campaign", "-at", "-id"], name="decision_campaign_at")]

    def __str__(self) -> str:
        return f"{self.reason} {self.customer_id}"


class Allowance(models.Model):
    """How many calls of a limited programme were handed out on one day."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="allowances")
    on = models.DateField()
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "on"], name="allowance_a_day")]

    def __str__(self) -> str:
        return f"{self.on}: {self.used}"


class Tally(models.Model):
    """Kept counts of targets by stage and result ('' is open): added up when read, folded by a job."""

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="tallies")
    result = models.CharField(max_length=20, blank=True)
    amount = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.result or 'open'} {self.amount:+}"
