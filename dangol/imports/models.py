"""Files on their way in, what was refused of them, and how they were mapped last time."""

from __future__ import annotations

from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from dangol.core.rows import Row


def stored_name(row: Import, name: str) -> str:
    """Where a file lies: under its import's key, never under a name that somebody chose."""
    suffix = PurePath(name).suffix.lower()
    return f"imports/{row.pk}{suffix if suffix in {'.csv', '.xlsx', '.txt', '.tsv'} else '.csv'}"


class Import(Row):
    """One file from the upload to the result; each step is an instant."""

    kind = models.CharField(_("kind"), max_length=40)
    source = models.CharField(_("source"), max_length=40)
    file = models.FileField(_("file"), upload_to=stored_name, max_length=200)
    file_name = models.CharField(_("file name"), max_length=200)
    size = models.BigIntegerField(_("size"), default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    language = models.CharField(max_length=5, default="ko")
    layout = models.JSONField(default=dict)
    """{"encoding", "separator", "header", "sheet", "sheets"}: how the file is read."""
    mapping = models.JSONField(default=dict)
    """{column name: heading of the file} and, for fixed values, {column name: {"value": text}}."""
    planned_at = models.DateTimeField(null=True)
    """The dry run is complete."""
    plan = models.JSONField(default=dict)
    started_at = models.DateTimeField(null=True)
    """Somebody asked for the load; it runs in the background from then on."""
    finished_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)
    file_deleted_at = models.DateTimeField(null=True)
    rows = models.IntegerField(_("rows"), default=0)
    """Rows in the file, known after the dry run or the load; 0 before."""
    position = models.IntegerField(default=0)
    """Rows of the file that are done: stored, found the same, or refused."""
    new = models.IntegerField(_("new"), default=0)
    changed = models.IntegerField(_("changed"), default=0)
    same = models.IntegerField(_("unchanged"), default=0)
    refused = models.IntegerField(_("refused"), default=0)
    running_from = models.DateTimeField(null=True)
    """Since when the present run (dry or not) has been going on, to tell its rate."""
    running_from_position = models.IntegerField(default=0)
    looked_at = models.IntegerField(default=0)
    """Rows that the running dry run has seen."""

    class Meta:
        indexes = [models.Index(fields=["-created_at"], name="import_created")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def state(self) -> str:
        """The step that the import stands at, in one word."""
        for word, instant in (
            ("cancelled", self.cancelled_at),
            ("failed", self.failed_at),
            ("finished", self.finished_at),
            ("running", self.started_at),
            ("planned", self.planned_at),
            ("planning", self.running_from),
        ):
            if instant:
                return word
        return "mapped" if self.mapping else "uploaded"


class RefusedRow(models.Model):
    """A row of a file that was not taken: which line, why, and what it said."""

    run = models.ForeignKey(Import, models.CASCADE, related_name="refused_rows")
    line = models.IntegerField()
    column = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=200)
    """A message id; `facts` fill it in."""
    facts = models.JSONField(default=dict)
    cells = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["run", "line", "id"], name="refused_line")]

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"


class SeenKey(models.Model):
    """In which line a key stood first, while its file is being loaded."""

    run = models.ForeignKey(Import, models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=200)
    line = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "key"], name="seen_key_once")]

    def __str__(self) -> str:
        return self.key


class Memory(Row):
    """How the columns of files with these headings from this source were mapped last time."""

    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=40)
    signature = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "source", "signature"], name="one_memory")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source}"
