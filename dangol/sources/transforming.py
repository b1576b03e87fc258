"""What can be done to a cell before it is read: split names, cut addresses, read dates, look up codes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from dangol.customers.addresses import parts_of
from dangol.imports.cells import FULL_WIDTH, tidy
from dangol.imports.kinds import Refused

DOUBLE = {"남궁", "황보", "제갈", "선우", "독고", "사공", "서문", "동방", "어금", "망절"}
"""Family names of two syllables."""
MONTHS = {name: i + 1 for i, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
)}  # fmt: skip
POSTCODE = re.compile(r"[\[(]?\s*(\d{5}|\d{3}-\d{3})\s*[\])]?\s*")
PHONES = re.compile(r"\+?\d[\d\s().-]{6,}\d")
NTH = re.compile(r"[1-9][0-9]?")
ORDERS = {"ymd", "ydm", "mdy", "dmy"}
STYLES = {"", "excel", "seconds", *ORDERS}
PARTS = {"postcode", "province", "district", "street", "building", "detail"}
LONGEST = 2000
"""Letters of an option."""


@dataclass(frozen=True)
class Step:
    """One transformation; `option` says how, where there is something to say."""

    name: str
    label: str | Promise
    work: Callable[[str, str], str]
    option: str | Promise = ""
    fits: Callable[[str], bool] = lambda option: not option
    """Whether an option says something; without one, nothing is to be said."""

    def takes(self, option: str) -> bool:
        """Whether the step can work with an option."""
        return len(option) <= LONGEST and self.fits(option)


def family(cell: str, option: str = "") -> str:
    """김철수 → 김; 남궁민수 → 남궁; Jane Smith → Smith."""
    text = tidy(cell)
    if text.isascii() or " " in text and not korean(text):
        return text.split()[-1] if text.split() else ""
    words = text.split()
    if len(words) == 2 and len(words[0]) <= 2:
        return words[0]
    text = "".join(words)
    return text[:2] if text[:2] in DOUBLE and len(text) > 2 else text[:1]


def given(cell: str, option: str = "") -> str:
    """김철수 → 철수; Jane Smith → Jane."""
    text = tidy(cell)
    if text.isascii() or " " in text and not korean(text):
        return " ".join(text.split()[:-1])
    return "".join(text.split())[len(family(cell)) :]


def korean(text: str) -> bool:
    """Whether a text holds Hangul."""
    return any("가" <= letter <= "힣" for letter in text)


def postcode(cell: str, option: str = "") -> str:
    """(06234) 서울 강남구 … → 06234."""
    match = POSTCODE.match(tidy(cell))
    return match[1] if match else ""


def without_postcode(cell: str, option: str = "") -> str:
    """(06234) 서울 강남구 … → 서울 강남구 …"""
    text = tidy(cell)
    match = POSTCODE.match(text)
    return text[match.end() :] if match else text


def part_of_address(cell: str, option: str) -> str:
    """서울 강남구 대치동 316 은마아파트 10동 503호 with “building” → 은마아파트."""
    return parts_of(tidy(cell)).get(option.strip().lower(), "")


def nth_phone(cell: str, option: str = "") -> str:
    """010-1234-5678 / 02-333-4444 → the first, or the one whose number is the option."""
    found = PHONES.findall(tidy(cell).translate(FULL_WIDTH))
    which = place_of(option)
    if not found:
        return cell if which == 0 else ""
    return found[which].strip() if which < len(found) else ""


def place_of(option: str) -> int:
    """The place that a number means, 1 for “2”; the first where none is said."""
    return int(option) - 1 if NTH.fullmatch(option) else 0


@lru_cache(100_000)
def date(cell: str, option: str = "") -> str:
    """A date of any style as 2026-01-31; the option says which of day, month, year comes first."""
    text = tidy(cell).translate(FULL_WIDTH).strip()
    if not text or not re.search(r"[1-9]", text):
        return text
    style = option.lower() or "ymd"
    if style == "excel" and re.fullmatch(r"\d{1,6}(\.\d+)?", text):
        return (dt.date(1899, 12, 30) + dt.timedelta(days=int(float(text)))).isoformat()
    if style == "seconds" and re.fullmatch(r"\d{9,13}", text):
        moment = int(text) / (1000 if len(text) > 11 else 1)
        return dt.datetime.fromtimestamp(moment, dt.UTC).isoformat()
    parts = re.findall(r"\d+|[A-Za-z]{3,}", text.split("T")[0])
    if len(parts) == 1 and parts[0].isdigit() and len(parts[0]) in {6, 8}:
        return packed(parts[0], style)
    if len(parts) < 3:
        return text
    named = next((i for i, part in enumerate(parts[:3]) if part[:3].lower() in MONTHS), None)
    if named is not None:
        parts[named] = str(MONTHS[parts[named][:3].lower()])
        style = {0: "mdy", 1: "dmy" if len(parts[0]) < 3 else "ymd"}.get(named, style)
    elif len(parts[0]) == 4:
        style = "ymd"
    if not all(part.isdigit() for part in parts[:3]):
        return text
    style = style if style in ORDERS else "ymd"
    rest = text[text.index(":") - 2 :].strip() if ":" in text else ""
    return joined(dict(zip(style, parts, strict=False)), rest)


def packed(digits: str, style: str) -> str:
    """19850131, 850131 and 310185 with their parts apart."""
    wide = len(digits) == 8
    found, at = {}, 0
    for letter in style if set(style) == set("ymd") else "ymd":
        size = 4 if wide and letter == "y" else 2
        found[letter] = digits[at : at + size]
        at += size
    return joined(found, "")


def joined(parts: dict[str, str], rest: str) -> str:
    """Year, month and day as ISO; two digits of a year lie in the last hundred years."""
    if set(parts) != set("ymd"):
        return rest
    if any(len(digits) > 4 for digits in parts.values()):
        written = ".".join(parts.values())
        raise Refused(gettext_noop("“%(cell)s” is not a date; write 2026-01-31"), cell=written[:40])
    year = int(parts["y"])
    if len(parts["y"]) <= 2:
        this = dt.date.today().year
        year += 1900 if 2000 + year > this else 2000
    day = f"{year:04}-{int(parts['m']):02}-{int(parts['d']):02}"
    return f"{day} {rest}".strip()


def codes(cell: str, option: str) -> str:
    """1=m, 2=f: what a code means; * for all others; a code that is not there is refused."""
    table = code_table(option)
    text = tidy(cell)
    if text in table:
        return table[text]
    if "*" in table:
        return text if table["*"] == "*" else table["*"]
    if not text:
        return ""
    raise Refused(gettext_noop("“%(cell)s” is not in the code table"), cell=text[:40])


@lru_cache(1000)
def code_table(option: str) -> dict[str, str]:
    """1=m, 2=f → {"1": "m", "2": "f"}."""
    pairs = (pair.split("=", 1) for pair in re.split(r"[,;\n]", option) if "=" in pair)
    return {code.strip(): meaning.strip() for code, meaning in pairs}


def part(cell: str, option: str) -> str:
    """The n-th word, as in "2" or "2 /" with what parts them."""
    number, _blank, separator = option.partition(" ")
    words = tidy(cell).split(separator or None)
    at = place_of(number)
    return words[at].strip() if at < len(words) else ""


STEPS = {
    step.name: step
    for step in (
        Step("family", _("Family name of a whole name"), family),
        Step("given", _("Given name of a whole name"), given),
        Step("postcode", _("Postcode before an address"), postcode),
        Step("address", _("Address without its postcode"), without_postcode),
        Step("address_part", _("One part of an address"), part_of_address,
             _("postcode, province, district, street, building or detail"),
             lambda option: option.strip().lower() in PARTS),
        Step("phone", _("One of several numbers"), nth_phone, _("which one: 1, 2 …"),
             lambda option: not option or bool(NTH.fullmatch(option))),
        Step("date", _("Date in another style"), date, _("dmy, mdy, ymd, excel or seconds"),
             lambda option: option.lower() in STYLES),
        Step("codes", _("Look up a code"), codes, _("1=m, 2=f; * for all others"),
             lambda option: bool(code_table(option))),
        Step("part", _("One word of several"), part, _("which one and what parts them, as in: 2 /"),
             lambda option: not option or bool(NTH.fullmatch(option.partition(" ")[0]))),
        Step("upper", _("In capitals"), lambda cell, option: cell.upper()),
        Step("lower", _("In small letters"), lambda cell, option: cell.lower()),
        Step("digits", _("Digits only"), lambda cell, option: re.sub(r"\D", "", cell)),
    )
}  # fmt: skip


def transformed(cells: list[str], steps: list[list[str]]) -> str:
    """Several cells joined, then each step in turn; Refused by the one that cannot."""
    found = [cell for cell in map(tidy, cells) if cell]
    glue = "" if all(korean(cell) and len(cell) <= 4 and " " not in cell for cell in found) else " "
    text = glue.join(found) if len(found) > 1 else (found[0] if found else "")
    for name, *option in steps:
        text = STEPS[name].work(text, option[0] if option else "")
    return text


def wrong_step(step: list[str], label: Any) -> str:
    """What is wrong with a transformation of one of our columns; empty when nothing is."""
    name, option = (*map(str, step), "", "")[:2]
    if name not in STEPS or len(step) > 2:
        return gettext("There is no such transformation.")
    if not STEPS[name].takes(option):
        return gettext("“%(label)s”: “%(step)s” cannot work with “%(option)s”.") % {
            "label": label, "step": STEPS[name].label, "option": option[:60]}  # fmt: skip
    return ""
