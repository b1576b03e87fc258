"""The tree of places, their calendars, and who holds which role where."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from dangol.core.roles import Role
from dangol.core.rows import Row
from dangol.places.working_time import known_time_zones, knows_holidays_of


class Kind(models.TextChoices):
    """Levels of the tree, from the top."""

    COMPANY = "company", _("Company")
    UNIT = "unit", _("Business unit")
    REGION = "region", _("Region")
    SITE = "site", _("Site")


class SiteKind(models.TextChoices):
    """What a site is for."""

    SALES = "sales_office", _("Sales office")
    SERVICE = "service_centre", _("Service centre")


def must_know_holidays_of(country: str) -> None:
    """Refuse a country whose public holidays nobody here knows; none is fine."""
    if not knows_holidays_of(country):
        raise ValidationError(
            {"country": gettext("The public holidays of “%s” are not known.") % country}
        )


class Calendar(Row):
    """When work is done: hours per weekday, lunch, the country's public holidays."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    country = models.CharField(
        _("country of public holidays"), max_length=10, default="KR", blank=True
    )
    hours = models.JSONField(_("hours"), default=dict)
    """{"0": [["09:00", "12:00"], ["13:00", "18:00"]], …}: Monday is 0; lunch is the gap."""

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A country whose public holidays are known, or none: clocks read it every minute."""
        must_know_holidays_of(self.country)


class Place(Row):
    """A node of the tree; `lo ≤ x ≤ hi` holds for itself and everything below it."""

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    kind = models.CharField(_("level"), max_length=10, choices=Kind)
    site_kind = models.CharField(_("kind of site"), max_length=20, choices=SiteKind, blank=True)
    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    lo = models.IntegerField(editable=False)
    hi = models.IntegerField(editable=False)
    calendar = models.ForeignKey(
        Calendar,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="places",
        help_text=_("Empty: the calendar of the place above."),
    )
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Seoul")
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    region_code = models.CharField(max_length=10, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["lo"]
        indexes = [models.Index(fields=["lo", "hi"], name="place_range")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lo__lte=models.F("hi")), name="place_range_order"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="company", parent=None)
                | (~models.Q(kind="company") & models.Q(parent__isnull=False)),
                name="place_only_companies_are_roots",
            ),
        ]

    def __str__(self) -> str:
        if self.name_en and (get_language() or "").startswith("en"):
            return self.name_en
        return self.name

    def clean(self) -> None:
        """A time zone that exists: clocks and boards read it every minute."""
        if self.time_zone not in known_time_zones():
            raise ValidationError(
                {"time_zone": gettext("There is no time zone “%s”.") % self.time_zone}
            )

    @property
    def within(self) -> models.Q:
        """The test "is this place or below it", for a query over places."""
        return models.Q(lo__range=(self.lo, self.hi))


class CalendarException(Row):
    """One site's day that differs: closed, or other hours."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="exceptions")
    on = models.DateField(_("day"))
    hours = models.JSONField(default=list)
    """[] closed all day; otherwise the day's spans like ["10:00", "15:00"]."""
    reason = models.CharField(_("reason"), max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "on"], name="one_exception_a_day")]

    def __str__(self) -> str:
        return f"{self.place} {self.on}"


class Grants(models.QuerySet["Grant"]):
    """Grants as the gate and the scope read them."""

    def held(self) -> list[tuple[str, int, int, list[int], list[int]]]:
        """Open grants as (role, lo, hi) with the spans of every company, in one query."""
        tops = Place.objects.filter(parent=None).order_by("lo")
        rows = self.filter(revoked_at=None).values_list(
            "role", "place__lo", "place__hi",
            ArraySubquery(tops.values("lo")), ArraySubquery(tops.values("hi")),
        )  # fmt: skip
        return list(rows)


class Grant(Row):
    """A role that a person holds at a place and everywhere below it; ended, never deleted."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="grants")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    place = models.ForeignKey(Place, models.PROTECT, related_name="grants")
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    granted_at = models.DateTimeField(default=timezone.now)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)

    objects = Grants.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "place"],
                condition=models.Q(revoked_at=None),
                name="one_open_grant",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role} @ {self.place}"
