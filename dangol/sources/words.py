"""Schedules, states and strange things in words."""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

STATES: dict[str, tuple[str | Promise, str]] = {
    "draft": (gettext_lazy("Not finished"), ""),
    "never": (gettext_lazy("Not read yet"), ""),
    "waiting": (gettext_lazy("Starting"), "info"),
    "reading": (pgettext_lazy("run", "Reading"), "info"),
    "applying": (gettext_lazy("Applying"), "info"),
    "asks": (gettext_lazy("Asks"), "watch"),
    "waits": (gettext_lazy("Waits for a file"), "watch"),
    "paused": (gettext_lazy("Paused"), "watch"),
    "stopped": (gettext_lazy("Stopped"), "watch"),
    "failed": (gettext_lazy("Failed"), "bad"),
    "unmatched": (gettext_lazy("Waits for matching"), "info"),
    "finished": (gettext_lazy("Up to date"), "good"),
}
RUN_STATES = STATES | {"finished": (gettext_lazy("Done"), "good")}
STRANGE: dict[str, str | Promise] = {
    "mixed_encoding": gettext_lazy("Lines in another encoding (CP949 and UTF-8 mixed); each was read in its own"),
    "decomposed": gettext_lazy("Hangul in single letters (as on a Macintosh); put together"),
    "garbled": gettext_lazy("Hangul that another program read as Latin letters (±èÃ¶¼ö); put right"),
    "swapped": gettext_lazy("Columns swapped; put right"),
    "name_in_phone": gettext_lazy("Words in the phone column; left out"),
    "zero_date": gettext_lazy("Dates such as 0000-00-00; left out"),
    "placeholder_date": gettext_lazy("Placeholder dates such as 1900-01-01; left out"),
    "no_name": gettext_lazy("Names without a letter, such as a phone number; kept as they came"),
    "error_cell": gettext_lazy("Cells in which a formula failed, such as #REF!; left out"),
    "left_off": gettext_lazy("Rows without the empty cells at their end, as the whole file is written; read as empty"),
    "test_data": gettext_lazy("Test data (홍길동, 010-1234-5678); no evidence for the matching"),
    "shared_phone": gettext_lazy("Phone numbers shared by very many, such as a company's; not personal"),
    "swallowed": gettext_lazy("Lines that look like rows of their own and lie within one cell; a quote is not closed above them"),
    "long_cell": gettext_lazy("Cells of more than 10,000 characters; cut there, with a mark"),
    "same_file": gettext_lazy("The same file again; not read twice"),
    "half_written": gettext_lazy("A file that is not whole yet; read once it is"),
    "connection_lost": gettext_lazy("The connection broke; reading went on from there"),
    "registration_number": gettext_lazy("Resident registration numbers, also masked ones; stored nowhere"),
    "bad_phone": gettext_lazy("Impossible phone numbers; left out"),
    "bad_email": gettext_lazy("Impossible e-mail addresses; left out"),
    "bad_birth": gettext_lazy("Impossible dates of birth; left out"),
    "bad_registration": gettext_lazy("Business registration numbers whose check digit does not hold; kept, but not believed"),
    "bad_value": gettext_lazy("Other impossible values; left out"),
    "unknown_site": gettext_lazy("Sites that are not known; left out"),
    "pages_grew": gettext_lazy("Pages that grew in the middle; rows between them may be missing"),
    "sites_gone": gettext_lazy("Sites that are no longer there; an administrator is asked whether to close them"),
    "sites_back": gettext_lazy("Sites that are there again; nobody is asked any more"),
    "other_people": gettext_lazy("Keys that meant other people before: another name, and another date of birth or number"),
    "retried": gettext_lazy("Rows refused last time, tried again"),
    "not_retried": gettext_lazy("Rows refused last time that cannot be tried again: a number was cut out of them, another line of theirs was damaged, or the headings are others now; read everything to try them"),
    "not_gone": gettext_lazy("Rows that did not come and are not marked as gone, because a damaged line does not say whose it is; mend the line and read again"),
    "not_closed": gettext_lazy("Files that end without a line end; taken as whole, since nobody wrote to them any more"),
}  # fmt: skip
DAYS = (
    gettext_lazy("Sunday"), gettext_lazy("Monday"), gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"), gettext_lazy("Thursday"), gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
)  # fmt: skip


def schedule_words(cron: str) -> str:
    """30 2 * * * → every day at 02:30; what has no short words stays as it is."""
    if not cron:
        return _("by hand")
    parts = cron.split()
    seconds = parts[5] if len(parts) == 6 else ""
    minute, hour, day, month, weekday = parts[:5]
    if seconds and parts[:5] == ["*"] * 5 and (match := re.fullmatch(r"\*/(\d+)", seconds)):
        return ngettext("every second", "every %(n)s seconds", int(match[1])) % {"n": match[1]}
    if [hour, day, month, weekday] == ["*"] * 4:
        if minute == "*":
            return _("every minute")
        if match := re.fullmatch(r"\*/(\d+)", minute):
            return _("every %(n)s minutes") % {"n": match[1]}
        if minute.isdigit():
            return _("every hour at minute %(n)s") % {"n": minute}
    if minute.isdigit() and hour.isdigit() and (day, month) == ("*", "*"):
        at = f"{int(hour):02}:{int(minute):02}"
        if weekday == "*":
            return _("every day at %(at)s") % {"at": at}
        if weekday.isdigit():
            return _("%(day)s at %(at)s") % {"day": DAYS[int(weekday) % 7], "at": at}
    return cron


def asked_words(asked: dict) -> str:  # type: ignore[type-arg]
    """What makes a run suspicious, in words."""
    match asked.get("why"):
        case "halved":
            return _("%(now)s rows came; last time there were %(before)s. If that is right, what is missing is marked as gone.") % asked  # fmt: skip
        case "fewer":
            return _("%(gone)s of %(known)s known rows did not come. If that is right, they are marked as gone.") % asked  # fmt: skip
        case "swallowed":
            return _("%(lines)s lines that look like rows of their own lie within a cell: a quote is not closed above them. Mend the file and drop this run; if you go on, these rows are not read, and what is missing is marked as gone.") % asked  # fmt: skip
        case "column_gone" if asked.get("needed"):
            return _("The source no longer has: %(columns)s. Its rows are known by it, so that reading cannot go on. Drop this run, then match the column anew.") % {"columns": ", ".join(asked["columns"])}  # fmt: skip
        case "column_gone" if asked.get("watermark"):
            return _("The source no longer has: %(columns)s. What is newer was known by it; if you go on, everything is read. Choose another such column under the schedule.") % {"columns": ", ".join(asked["columns"])}  # fmt: skip
        case "column_gone":
            return _("The source no longer has: %(columns)s. If you go on, what these columns said is no longer known.") % {"columns": ", ".join(asked["columns"])}  # fmt: skip
        case "file_lacks":
            return _("The file “%(file)s” lacks: %(columns)s. If you go on, what these columns said of its rows is no longer known.") % {"file": asked["file"], "columns": ", ".join(asked["columns"])}  # fmt: skip
        case "emptied":
            return _("“%(column)s” was filled in %(before)s rows and is in %(now)s now. If you go on, it counts as empty.") % asked  # fmt: skip
        case "other_people":
            return _("Of %(compared)s keys that were compared, %(others)s mean other people now: another name, and another date of birth or number. If the source numbered its people anew, drop this run and connect it as a new system; if you go on, the people known under these keys become those who came.") % asked  # fmt: skip
        case "pages_grew":
            return _("The endpoint's pages grew while they were read, so that rows between them may be missing. Drop this run and let it be read again; if you go on, what is missing is marked as gone.")  # fmt: skip
    return ""


def duration_words(seconds: float | None) -> str:
    """How long something took: 40 ms, 1.4 s, 12 s, 3 min, 1 h 20 min."""
    if seconds is None:
        return "–"
    if seconds < 1:
        return _("%(n)s ms") % {"n": max(1, round(seconds * 1000))}
    if seconds < 10:
        return _("%(n)s s") % {"n": f"{seconds:.1f}"}
    if seconds < 90:
        return _("%(n)s s") % {"n": round(seconds)}
    minutes = round(seconds / 60)
    if minutes < 90:
        return _("%(n)s min") % {"n": minutes}
    return _("%(h)s h %(m)s min") % {"h": minutes // 60, "m": minutes % 60}


def place_words(row: int, file: str = "", line: int = 0) -> str:
    """Where a row is found: the file and its line, or the order of reading where there is no file."""
    if file:
        return _("%(file)s · line %(line)s") % {"file": file, "line": line}
    return _("row %(row)s in the order of reading") % {"row": row}
