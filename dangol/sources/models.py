"""Sources, their runs, what was read and refused, and which rows each source has."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dangol.core.rows import Row
from dangol.core.sealing import unseal
from dangol.places.models import Place
from dangol.sources.outgoing.models import Change, Delivery, Forgotten, Subscriber
from dangol.sources.scheduling.models import JobTime
from dangol.sources.standing import word_of

__all__ = [
    "Change",
    "Delivery",
    "Forgotten",
    "GoneSite",
    "JobTime",
    "KnownRow",
    "LandedRow",
    "RefusedRow",
    "Run",
    "Source",
    "Subscriber",
    "TakenFile",
]


class Entity(models.TextChoices):
    """What a source speaks of."""

    PERSON = "person", _("Persons")
    ORGANISATION = "organisation", _("Organisations")
    TRANSACTION = "transaction", _("Purchases and visits")
    PRODUCT = "product", _("Products")
    SITE = "site", _("Sites")


class Connection(models.TextChoices):
    """How a source is reached."""

    FOLDER = "folder", _("Folder of CSV or XLSX files")
    POSTGRESQL = "postgresql", "PostgreSQL"
    MARIADB = "mariadb", "MariaDB, MySQL"
    DATABASE = "database", _("Another database (SQLAlchemy address)")
    REST = "rest", _("REST endpoint")


class Source(Row):
    """One table, file or list of another system that is read by schedule."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    system = models.CharField(_("system"), max_length=40)
    """Sources of one system share their keys: its purchases name its customers."""
    entity = models.CharField(_("what it holds"), max_length=14, choices=Entity)
    connection = models.CharField(_("connection"), max_length=12, choices=Connection)
    reach = models.JSONField(default=dict)
    """How it is reached, without what must stay secret."""
    secret = models.TextField(blank=True)
    """The password, token or address with one, sealed (core.sealing)."""
    place = models.CharField(_("table, file or path"), max_length=200, blank=True)
    columns = ArrayField(models.CharField(max_length=120), default=list)
    """The headings when somebody last looked."""
    mapping = models.JSONField(default=dict)
    """{column of ours: {"from": [headings], "value": text, "do": [[step, option]]}}"""
    trust = models.JSONField(default=dict)
    """{field: 0 to 100}; 50 where nothing is said."""
    full = models.BooleanField(default=True)
    """Every run compares all rows, so that deleted ones are seen; else only what is newer."""
    watermark_column = models.CharField(max_length=120, blank=True)
    watermark = models.JSONField(default=dict)
    """{"kind", "value"}: up to where the last complete run has read."""
    schedule = models.CharField(_("schedule"), max_length=60, blank=True)
    """A cron line; empty: by hand."""
    next_at = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    """Since when everything that a run needs has been said."""
    paused_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(paused_at=None, next_at__isnull=False),
                name="source_due",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def hidden(self) -> str:
        """The secret, for connecting."""
        return unseal(self.secret) if self.secret else ""

    @property
    def heading(self) -> dict[str, list[str]]:
        """Column of ours: the headings that it is read from."""
        return {name: list(said.get("from", [])) for name, said in self.mapping.items()}


class Run(Row):
    """One reading of a source: all of it is read first, then applied batch by batch."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="runs")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    """Who asked for it; nobody: the schedule."""
    full = models.BooleanField(default=True)
    token = models.DateTimeField(null=True)
    """Who carries the run on at present: whoever began earlier stops at the next batch. Nobody,
    though it has begun: it waits for a file."""
    begun_at = models.DateTimeField(null=True)
    names = ArrayField(models.CharField(max_length=120), default=list)
    cursor = models.JSONField(default=dict)
    """Where reading goes on."""
    rows = models.IntegerField(default=0)
    filled = models.JSONField(default=dict)
    """{heading: in how many rows there was something}"""
    files = models.JSONField(default=list)
    """[{"name", "digest", "rows"}] of the files that were read."""
    watermark = models.JSONField(default=dict)
    watermark_column = models.CharField(max_length=120, blank=True)
    """The column by which this run reads."""
    read_at = models.DateTimeField(null=True)
    asked = models.JSONField(default=dict)
    """{"why", …}: what is suspicious; nothing is applied until somebody says so."""
    asked_at = models.DateTimeField(null=True)
    allowed_at = models.DateTimeField(null=True)
    allowed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    position = models.IntegerField(default=0)
    new = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    same = models.IntegerField(default=0)
    gone = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    strange = models.JSONField(default=dict)
    """{what: {"count", "samples": [[row of the run, kind of text, text, file, line of it]]}}; the last two where there
    is a file"""
    stopped_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["source", "-created_at"], name="run_of_source"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=models.Q(ended_at=None), name="one_open_run"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def state(self) -> str:
        """Where the run stands, in one word."""
        return word_of(self)

    @property
    def seconds(self) -> float | None:
        """How long it took, or has taken so far."""
        if self.begun_at is None:
            return None
        waits = self.asked_at if self.state == "asks" else None
        return ((self.ended_at or waits or timezone.now()) - self.begun_at).total_seconds()

    def note(self, what: str, count: int = 1, sample: list[Any] | None = None) -> None:
        """Write down something strange."""
        entry = self.strange.setdefault(what, {"count": 0, "samples": []})
        entry["count"] += count
        if sample is not None and len(entry["samples"]) < 5:
            entry["samples"].append(sample)


class LandedRow(models.Model):
    """A row as it was read, kept until its run has ended."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, models.CASCADE, related_name="+", db_index=False)
    line = models.IntegerField()
    """Which row of the run, in the order of reading."""
    cells = ArrayField(models.TextField())
    problem = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=200, blank=True)
    """As its row will be known; empty where it cannot be read."""
    file = models.CharField(max_length=255, blank=True, db_default="")
    file_line = models.IntegerField(db_default=0)
    """Where the row begins in that file, from 1, headings counted; 0: there is none."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "line"], name="landed_line")]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.line}"


class RefusedRow(models.Model):
    """A row that was not taken: which, why, and what it said."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="refused_rows")
    line = models.IntegerField()
    """Which row of the run, in the order of reading."""
    column = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=200)
    """A message id; `facts` fill it in."""
    facts = models.JSONField(default=dict)
    cells = models.JSONField(default=list)
    key = models.CharField(max_length=200, blank=True)
    whole = models.BooleanField(default=True)
    """Whether the cells that are read stand here as they came, so that they can be tried again."""
    file = models.CharField(max_length=255, blank=True, db_default="")
    file_line = models.IntegerField(db_default=0)

    class Meta:
        indexes = [models.Index(fields=["run", "line", "id"], name="source_refused_line")]

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"


class KnownRow(models.Model):
    """A row that a source has, and which run saw it last: so that deletions are seen."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=200)
    seen_in = models.UUIDField()
    line = models.IntegerField(default=0)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="known_row")]

    def __str__(self) -> str:
        return self.key


class GoneSite(Row):
    """A site that its source no longer has: an administrator says whether it is closed."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="+")
    place = models.ForeignKey(Place, models.CASCADE, related_name="+")
    gone_at = models.DateTimeField()
    back_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    closed = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=models.Q(answered_at=None, back_at=None),
                name="gone_site_asked_once",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.place_id)


class TakenFile(models.Model):
    """A file that a run has applied; the same bytes are not taken twice."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    run = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="+")
    """None once the run is forgotten."""
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "digest"], name="taken_once")]

    def __str__(self) -> str:
        return self.name
