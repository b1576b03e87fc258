"""Postal addresses of both Korean styles: the building and the unit in it, and their parts."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

ROAD = re.compile(
    r"([가-힣A-Za-z]+\d*(?:대로|로)(?:\s?\d+번?[가나다라]?길)?|[가-힣]+\d*길)\s*(\d+(?:-\d+)?)"
    r"(?!\d|가(?:\s|$))"  # 을지로3가 is a quarter, not number 3 of a road
)
LOT = re.compile(
    r"([가-힣]+\d*(?:동|리|가))\s*(?:산\s*)?(\d+(?:-\d+)?)(?!-?\d)(?:번지)?(?!\s*[동호])"
)
UNIT = re.compile(
    r"(\d{1,4})\s*동\s*(?:\d+층\s*)?(\d{1,5})\s*호|(\d{2,4})-(\d{2,5})(?!\d)|(\d{1,5})\s*호"
)
BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
POSTCODE = re.compile(r"(?<!\d)(\d{5}|\d{3}-?\d{3})(?!\d)")
DETAIL = re.compile(
    r"(?<!\S)(?:(?:제?\d+|[A-Za-z가-하])\s?동(?=\s|\d|$)|지하|(?:[Bb]|제)?\d+\s?층|[Bb]?\d+\s?호|\d{2,4}-\d{2,5}(?!\d))"
)
QUARTER = re.compile(r"[가-힣]+\d*(?:동|리|가|읍|면)")
LEADING = re.compile(r"^\s*우?\s*[\[(]?\s*(\d{5}|\d{3}-\d{3})\s*[\])]?(?!\d)\s*")
PROVINCES = {
    "서울": "서울특별시", "부산": "부산광역시", "대구": "대구광역시", "인천": "인천광역시",
    "광주": "광주광역시", "대전": "대전광역시", "울산": "울산광역시", "세종": "세종특별자치시",
    "경기": "경기도", "강원": "강원특별자치도", "충북": "충청북도", "충남": "충청남도",
    "전북": "전북특별자치도", "전남": "전라남도", "경북": "경상북도", "경남": "경상남도",
    "제주": "제주특별자치도",
}  # fmt: skip
FORMER = {"충청북도": "충북", "충청남도": "충남", "전라북도": "전북", "전라남도": "전남",
          "경상북도": "경북", "경상남도": "경남"}  # fmt: skip
PROVINCE_END = re.compile(r"(?:특별자치시|특별자치도|특별시|광역시|시|도)$")


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


def style_of(line: str) -> str:
    """Whether a Korean address names a "road" or a "lot"; "" for any other."""
    text = BRACKETS.sub(" ", unicodedata.normalize("NFC", line)).replace(",", " ")
    return "road" if ROAD.search(text) else "lot" if LOT.search(text) else ""


def _foreign(text: str, area: str) -> str:
    """An address in Latin letters: "~area|words", without blanks in the words; "" for no line."""
    words = re.findall(r"[a-z0-9]+", text.casefold())
    return f"~{''.join(re.findall(r'[a-z]+', area.casefold()))}|{''.join(words)}" if words else ""


def _unit(rest: str) -> str:
    if not (found := UNIT.search(rest)):
        return ""
    block, room, block2, room2, alone = found.groups()
    return f"{int(block or block2)}-{int(room or room2)}" if block or block2 else str(int(alone))


def parts_of(line: str, postcode: str = "") -> dict[str, str]:
    """서울 강남구 대치동 316 은마아파트 10동 503호 → province, district, street, building, detail.

    What is not found has no key; an address that is none of ours stands whole in `street`.
    """
    text = " ".join(unicodedata.normalize("NFC", line).split())
    if leading := LEADING.match(text):
        postcode, text = postcode or leading[1], text[leading.end() :]
    inside = [piece.strip() for found in BRACKETS.findall(text) for piece in found[1:-1].split(",")]
    text = " ".join(BRACKETS.sub(" ", text).replace(",", " ").split())
    found = {"postcode": re.sub(r"\D", "", postcode)}
    if place := ROAD.search(text) or LOT.search(text):
        found |= _area(text[: place.start()].split())
        number = re.sub(r"번지$", "", place[0].strip())
        found["street"] = " ".join(filter(None, [found.pop("quarter"), number]))
        found |= _inside(text[place.end() :].strip(" -"), inside)
    else:
        found["street"] = text
    return {name: value for name, value in found.items() if value}


def _area(words: list[str]) -> dict[str, str]:
    """Province, district (성남시 분당구), and the quarter or township before a street."""
    province = ""
    if words:
        short = FORMER.get(words[0], PROVINCE_END.sub("", words[0]))
        # 광주시 is a city of Gyeonggi, 광주 and 광주광역시 are the province
        if short in PROVINCES and not (words[0] == "광주시" and len(words) == 1):
            province, words = PROVINCES[short], words[1:]
    count = 0
    while count < len(words) and words[count].endswith(("시", "군", "구")):
        count += 1
    return {
        "province": province, "district": " ".join(words[:count]),
        "quarter": " ".join(words[count:]),
    }  # fmt: skip


def _inside(rest: str, brackets: list[str]) -> dict[str, str]:
    """The building's name and the unit in it: after the number, or the name in brackets."""
    unit = DETAIL.search(rest)
    name = (rest[: unit.start()] if unit else rest).strip()
    detail = rest[unit.start() :] if unit else ""
    if not any(letter.isalpha() for letter in name):
        name, detail = "", rest
    named = [piece for piece in brackets if piece and not QUARTER.fullmatch(piece)]
    return {"building": name or (named[-1] if named else ""), "detail": detail}
