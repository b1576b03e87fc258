"""Postal addresses of both Korean styles: the building and the unit in it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

ROAD = re.compile(
    r"([가-힣A-Za-z]+\d*(?:대로|로)(?:\s?\d+번?[가나다라]?길)?|[가-힣]+\d*길)\s*(\d+(?:-\d+)?)"
)
LOT = re.compile(r"([가-힣]+\d*(?:동|리|가))\s*(?:산\s*)?(\d+(?:-\d+)?)(?:번지)?(?!\s*[동호\d])")
UNIT = re.compile(
    r"(\d{1,4})\s*동\s*(?:\d+층\s*)?(\d{1,5})\s*호|(\d{2,4})-(\d{2,5})(?!\d)|(\d{1,5})\s*호"
)
BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
POSTCODE = re.compile(r"(?<!\d)(\d{5}|\d{3}-?\d{3})(?!\d)")


@dataclass(frozen=True, slots=True)
class Address:
    """Where: the building by either style, the unit in it, the postcode; empty where unknown."""

    building: str
    unit: str
    postcode: str


NOWHERE = Address("", "", "")


def read_address(line: str, postcode: str = "", area: str = "") -> Address:
    """강남구 테헤란로 152, 101동 1203호 → building "강남구|테헤란로 152", unit "101-1203"."""
    if not line and not postcode:
        return NOWHERE
    text = " ".join(BRACKETS.sub(" ", unicodedata.normalize("NFC", line)).replace(",", " ").split())
    code = re.sub(r"\D", "", postcode)
    if not code and (found := POSTCODE.match(text)):
        code, text = found[1].replace("-", ""), text[found.end() :].strip()
    place = ROAD.search(text) or LOT.search(text)
    if not place:
        return Address(_foreign(text, area), "", code)
    before = text[: place.start()].split()
    district = before[-1] if before else ""
    building = f"{district}|{place[1].replace(' ', '')} {place[2]}"
    return Address(building, _unit(text[place.end() :]), code)


def _foreign(text: str, area: str) -> str:
    """An address in Latin letters: "~area|words", without blanks in the words; "" for no line."""
    words = re.findall(r"[a-z0-9]+", text.casefold())
    return f"~{''.join(re.findall(r'[a-z]+', area.casefold()))}|{''.join(words)}" if words else ""


def _unit(rest: str) -> str:
    if not (found := UNIT.search(rest)):
        return ""
    block, room, block2, room2, alone = found.groups()
    return f"{int(block or block2)}-{int(room or room2)}" if block or block2 else str(int(alone))
