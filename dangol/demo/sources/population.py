"""Who there really is: people in households, with the phones and homes of their last years.

Everything hard about recognising people in Korea is drawn on purpose: namesakes (names by their
real shares), couples and fathers and sons with one phone, twins, company phones that thousands of
employees gave, moves, new numbers, old carriers' prefixes, English given names.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from dangol.demo.geography import PROVINCES
from dangol.demo.names import ENGLISH, FIRST, SECOND, SHARES, SURNAMES

NOW = 2026
STREETS = [
    "중앙",
    "테헤란",
    "세종",
    "월드컵",
    "한강",
    "올림픽",
    "번영",
    "충장",
    "동성",
    "무등",
    "태평",
    "장미",
    "은행",
    "목련",
    "소나무",
    "벚꽃",
]
ESTATES = [
    "현대",
    "삼성래미안",
    "자이",
    "푸르지오",
    "힐스테이트",
    "롯데캐슬",
    "주공",
    "한양",
    "우성",
    "대림",
    "코오롱",
    "두산",
]
OLD_TOWNS = [
    "역삼",
    "논현",
    "신사",
    "도곡",
    "대치",
    "삼성",
    "잠실",
    "방이",
    "화곡",
    "목",
    "상계",
    "중계",
    "신림",
    "봉천",
    "연희",
    "합정",
]
PHONE_TAILS = 100_000_000


@dataclass(slots=True, frozen=True)
class Home:
    """One dwelling, as both styles of address write it."""

    province: str
    district: str
    street: str
    number: int
    town: str
    lot: int
    estate: str
    block: int
    unit: int
    postcode: str


@dataclass(slots=True)
class Person:
    """One person of the hidden truth; phones and homes from the oldest to the present one."""

    number: int
    family: str
    given: str
    english: str
    born: tuple[int, int, int]
    gender: str
    phones: list[str]
    phone_years: list[int]
    homes: list[Home]
    home_years: list[int]
    emails: list[str]
    household: int
    work_phone: str = ""
    lent_phones: list[str] = field(default_factory=list)
    """Numbers of others in the household under which this person is known here and there."""

    def phone_in(self, year: int) -> str:
        """The mobile number this person had in a year."""
        return _in_year(self.phones, self.phone_years, year)

    def home_in(self, year: int) -> Home:
        """Where this person lived in a year."""
        return _in_year(self.homes, self.home_years, year)


def _in_year[T](values: list[T], since: list[int], year: int) -> T:
    return next(
        (v for v, begun in zip(reversed(values), reversed(since), strict=True) if begun <= year),
        values[0],
    )


class Draw:
    """Draws homes, phones and names; one generator, so that a seed gives one company."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        rest = len(SURNAMES) - len(SHARES)
        weights = np.array(SHARES + list(np.linspace(1.2, 0.1, rest)))
        self.family_weights = np.cumsum(weights / weights.sum())
        shares = np.array([p.share for p in PROVINCES])
        self.province_weights = np.cumsum(shares / shares.sum())
        self.used: set[str] = set()

    def family(self) -> str:
        """A family name by its share."""
        return SURNAMES[int(np.searchsorted(self.family_weights, self.rng.random()))]

    def given(self) -> str:
        """A given name of two syllables."""
        a, b = self.rng.integers(0, (len(FIRST), len(SECOND)))
        return FIRST[a] + SECOND[b]

    def phone(self) -> str:
        """A mobile number that nobody had before."""
        while True:
            number = f"010{int(self.rng.integers(20_000_000, PHONE_TAILS)):08}"
            if number not in self.used:
                self.used.add(number)
                return number

    def home(self) -> Home:
        """A dwelling; its postcode and both of its addresses follow from the building."""
        rng = self.rng
        province = PROVINCES[int(np.searchsorted(self.province_weights, rng.random()))]
        district = province.districts[int(rng.integers(len(province.districts)))]
        building = np.random.Generator(np.random.PCG64(int(rng.integers(40_000))))
        street = (
            f"{STREETS[int(building.integers(len(STREETS)))]}로{int(building.integers(1, 90))}길"
        )
        town = f"{OLD_TOWNS[int(building.integers(len(OLD_TOWNS)))]}동"
        number, lot = int(building.integers(1, 200)), int(building.integers(1, 999))
        estate = ESTATES[int(building.integers(len(ESTATES)))]
        block, floor = int(rng.integers(101, 116)), int(rng.integers(1, 25))
        postcode = f"{int(province.code) % 64:02}{int(building.integers(0, 1000)):03}"
        return Home(
            province.name, district, street, number, town, lot, estate, block,
            floor * 100 + int(rng.integers(1, 5)), postcode,
        )  # fmt: skip


def population(people: int, seed: int) -> list[Person]:
    """This many people in households of one to four; the same seed gives the same people."""
    draw = Draw(np.random.default_rng(seed))
    found: list[Person] = []
    companies = [f"02{int(n)}" for n in draw.rng.integers(20_000_000, 80_000_000, 40)]
    while len(found) < people:
        found += _household(draw, len(found), companies)
    return found[:people]


def _household(draw: Draw, first: int, companies: list[str]) -> list[Person]:
    rng = draw.rng
    homes, years = _moves(draw)
    family, kind = draw.family(), rng.random()
    elder = _person(draw, first, family, "M", int(rng.integers(1945, 1990)), homes, years)
    members = [elder]
    if kind < 0.55:
        born = elder.born[0] + int(rng.integers(-4, 7))
        members.append(_person(draw, first + 1, draw.family(), "F", born, homes, years))
    if kind < 0.30:
        born = elder.born[0] + int(rng.integers(24, 36))
        child = _person(draw, first + 2, family, "MF"[int(rng.integers(2))], born, homes, years)
        members.append(child)
        if rng.random() < 0.08:
            members.append(_twin(draw, child, first + 3))
    for person in members[1:]:
        if rng.random() < 0.15:
            person.lent_phones = [elder.phones[-1]]
    for person in members:
        if rng.random() < 0.05:
            person.work_phone = companies[int(rng.integers(len(companies)) ** 2) // len(companies)]
    return members


def _moves(draw: Draw) -> tuple[list[Home], list[int]]:
    homes, years, year = [draw.home()], [1990], NOW - int(draw.rng.integers(1, 16))
    while year < NOW and len(homes) < 3:
        homes.append(draw.home())
        years.append(year)
        year += int(draw.rng.integers(3, 12))
    return homes, years


def _person(
    draw: Draw,
    number: int,
    family: str,
    gender: str,
    year: int,
    homes: list[Home],
    since: list[int],
) -> Person:
    rng = draw.rng
    phones, phone_years = [draw.phone()], [1998]
    if rng.random() < 0.35:
        phones.append(draw.phone())
        phone_years.append(int(rng.integers(2012, NOW)))
    word = ENGLISH[int(rng.integers(len(ENGLISH)))]
    emails = [f"{word}{number}@{('naver', 'gmail', 'daum', 'kakao')[number % 4]}.example"]
    if rng.random() < 0.2:
        emails.append(f"{word}.{number}@work{number % 97}.example")
    english = ""
    if rng.random() < 0.02:
        english = ("Daniel", "Grace", "Kevin", "Jane", "Paul", "Amy", "Eric", "Sarah")[number % 8]
    return Person(
        number, family, draw.given(), english, (year, *_day(rng)), gender, phones, phone_years,
        homes, since, emails, number,
    )  # fmt: skip


def _day(rng: np.random.Generator) -> tuple[int, int]:
    return int(rng.integers(1, 13)), int(rng.integers(1, 29))


def _twin(draw: Draw, sibling: Person, number: int) -> Person:
    """A twin: the same day of birth, family name and home, often one syllable of the name too."""
    twin = _person(
        draw, number, sibling.family, sibling.gender, sibling.born[0], sibling.homes,
        sibling.home_years,
    )  # fmt: skip
    twin.born = sibling.born
    if draw.rng.random() < 0.6:
        rest = [s for s in SECOND if s != sibling.given[1]]
        twin.given = sibling.given[0] + rest[int(draw.rng.integers(len(rest)))]
    if twin.given == sibling.given:
        twin.given = draw.given()
    twin.lent_phones = list(sibling.lent_phones)
    return twin
