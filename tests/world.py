"""The named cast of the tests: a small company, one person for each role, one outsider.

    한빛자동차 ─ 영업본부 ─ 서울지역 ─ 강남지점, 마포지점
              └ 서비스본부 ─ 부산지역 ─ 해운대서비스센터

Every test can ask "is the outsider refused?": `eve` manages 해운대, far from 강남.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dangol.core.models import User
from dangol.core.roles import Role
from dangol.places.actions import grant_role, open_place
from dangol.places.models import Calendar, Place

WEEK = {str(d): [["09:00", "12:00"], ["13:00", "18:00"]] for d in range(5)}


@dataclass
class World:
    """Places by code and people by first name."""

    places: dict[str, Place] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None

    def place(self, code: str) -> Place:
        return self.places[code]


PLACES = [
    # code, name, level, kind of site, parent
    ("HQ", "한빛자동차", "company", "", None),
    ("SALES", "영업본부", "unit", "", "HQ"),
    ("SERVICE", "서비스본부", "unit", "", "HQ"),
    ("SEOUL", "서울지역", "region", "", "SALES"),
    ("BUSAN", "부산지역", "region", "", "SERVICE"),
    ("GANGNAM", "강남지점", "site", "sales_office", "SEOUL"),
    ("MAPO", "마포지점", "site", "sales_office", "SEOUL"),
    ("HAEUNDAE", "해운대서비스센터", "site", "service_centre", "BUSAN"),
]
PEOPLE = [
    # first name, name, role, place
    ("anna", "안나 관리", Role.ADMINISTRATOR, "HQ"),
    ("sue", "수 센터장", Role.SUPERVISOR, "HQ"),
    ("ada", "아다 상담사", Role.AGENT, "HQ"),
    ("bob", "봅 상담사", Role.AGENT, "HQ"),
    ("grace", "그레이스 지점장", Role.SITE_MANAGER, "GANGNAM"),
    ("rex", "렉스 지역장", Role.SITE_MANAGER, "SEOUL"),
    ("eve", "이브 센터장", Role.SITE_MANAGER, "HAEUNDAE"),
    ("mark", "마크 마케터", Role.MARKETER, "HQ"),
    ("alan", "앨런 분석가", Role.ANALYST, "HQ"),
    ("pia", "피아 보호책임자", Role.PRIVACY_OFFICER, "HQ"),
    ("dana", "다나 데이터", Role.DATA_STEWARD, "HQ"),
    ("dora", "도라 데이터", Role.DATA_STEWARD, "HQ"),
]


def build() -> World:
    """Make the cast in the test's database; nobody has a password (use client.force_login)."""
    world = World()
    calendar = Calendar.objects.create(name="주 5일", country="KR", hours=WEEK)
    for code, name, kind, site_kind, parent in PLACES:
        world.places[code] = open_place(
            code=code, name=name, kind=kind, site_kind=site_kind,
            parent=world.places[parent] if parent else None,
            calendar=None if parent else calendar, by=None,
        )  # fmt: skip
    world.places = {p.code: p for p in Place.objects.all()}
    for first, name, role, code in PEOPLE:
        user = User(email=f"{first}@example.com", name=name)
        user.set_unusable_password()
        user.save()
        world.people[first] = user
        grant_role(user, role, world.places[code], by=None)
    nobody = User(email="nobody@example.com", name="아무개")
    nobody.set_unusable_password()
    nobody.save()
    world.people["nobody"] = nobody
    return world
