"""One home in several spellings: with or without the province, 101동 1203호 or 101-1203."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from dangol.customers.addresses import PROVINCES, UNIT, parts_of, read_address, style_of

SEVERAL = frozenset({"중구", "동구", "서구", "남구", "북구", "강서구", "고성군"})
"""Districts of more than one province: without the province nobody knows which one is meant, as of
those that are written short (노원 for 노원구)."""

WIDE = frozenset({*PROVINCES, *PROVINCES.values()})


class Home(NamedTuple):
    """A building and what is said of the unit in it: the same for every spelling of one Korean home.

    Two are equal only where district, street, number and everything said of the unit are; of a house
    without units the name must be the same too. Road and lot of one house stay two.
    """

    building: str
    """"" where it is not certain which one is meant: the unit is then the whole line."""
    unit: str
    """101-1203, 1203, anything else as it is written; =name of the building where no unit is told."""

    def covers(self, other: Home) -> bool:
        """Whether the other says the same, or less of the same: no unit, or none of its block."""
        if self == other:
            return True
        if not self.building or self.building != other.building:
            return False
        if self.unit.startswith("="):
            return other.unit == "="
        return other.unit.startswith("=") or self.unit.endswith("-" + other.unit)


@lru_cache(maxsize=4096)
def home_of(line: str) -> Home:
    """Where an address line leads."""
    near, _bar, building = read_address(line).building.partition("|")
    parts = parts_of(line)
    district = parts.get("district", near).rpartition(" ")[2]
    unclear = district in SEVERAL or not district.endswith(("시", "군", "구"))
    province = parts.get("province", "") if unclear else ""
    if not building or not district or (unclear and not province) or district in WIDE:
        return Home("", line)
    street = building if style_of(line) == "road" else parts["street"]
    unit = _unit(parts.get("detail", "")) or "=" + re.sub(r"\s", "", parts.get("building", ""))
    return Home(re.sub(r"\s", "", f"{province}|{district}|{street}"), unit)


def _unit(detail: str) -> str:
    """101동 12층 1203호 → 101-1203; whatever else is said stays as it is."""
    text = re.sub(r"\s|(?<!\S)제(?=\d)", "", detail).casefold()
    if not (found := UNIT.fullmatch(text)):
        return text
    block, room, block2, room2, alone = found.groups()
    return f"{int(block or block2)}-{int(room or room2)}" if block or block2 else str(int(alone))
