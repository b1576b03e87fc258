"""The named cast of the tests: a small company, one person for each role, one outsider.

    한빛자동차 ─ 영업본부 ─ 서울지역 ─ 강남지점, 마포지점
              └ 서비스본부 ─ 부산지역 ─ 해운대서비스센터

Every test can ask "is the outsider refused?": `eve` manages 해운대, far from 강남.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import connection, transaction
from django.utils import timezone

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
    """The cast in the test's database; nobody has a password (use client.force_login).

    It is made by the product's own actions once in a process, and what they wrote is written again
    for every later test.
    """
    if not KEPT:
        with transaction.atomic(), connection.execute_wrapper(keep):
            make()
        KEPT.insert(0, ("", (timezone.now(),)))
    else:
        write_again()
    return World(
        {place.code: place for place in Place.objects.all()},
        {user.email.partition("@")[0]: user for user in User.objects.all()},
    )


KEPT: list[tuple[str, Sequence[Any]]] = []
"""What was written when the cast was made, after the moment in which that was done."""
WRITES = ("INSERT", "UPDATE", "DELETE")


def keep(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Execute a statement; one that writes is kept."""
    if sql.lstrip().startswith(WRITES):
        KEPT.append((sql, tuple(params or ())))
    return execute(sql, params, many, context)


def write_again() -> None:
    """Everything that was written, in one script, as old now as it was then."""
    (_first, (done,)), *statements = KEPT
    later = timezone.now() - done
    with connection.cursor() as cursor:
        client = psycopg.ClientCursor(cursor.connection)
        script = ";\n".join(
            client.mogrify(sql, [p + later if isinstance(p, dt.datetime) else p for p in params])
            for sql, params in statements
        )
        cursor.execute(script)


def make() -> None:
    """Open the places, and give everybody their role."""
    places: dict[str, Place] = {}
    calendar = Calendar.objects.create(name="주 5일", country="KR", hours=WEEK)
    for code, name, kind, site_kind, parent in PLACES:
        places[code] = open_place(
            code=code, name=name, kind=kind, site_kind=site_kind,
            parent=places[parent] if parent else None,
            calendar=None if parent else calendar, by=None,
        )  # fmt: skip
    for first, name, role, code in PEOPLE:
        grant_role(person(first, name), role, places[code], by=None)
    person("nobody", "아무개")


def person(first: str, name: str) -> User:
    """Somebody without a role."""
    user = User(email=f"{first}@example.com", name=name)
    user.set_unusable_password()
    user.save()
    return user
