"""The named cast of the tests: a small company, one person for each role, one outsider.

    한빛자동차 ─ 영업본부 ─ 서울지역 ─ 강남지점, 마포지점
              └ 서비스본부 ─ 부산지역 ─ 해운대서비스센터

Every test can ask "is the outsider refused?": `eve` manages 해운대, far from 강남.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
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
    if KEPT:
        write_again(*KEPT)
    else:
        written: list[Written] = []
        with transaction.atomic(), connection.execute_wrapper(keeping(written)):
            make()
        KEPT.extend((timezone.now(), written))
    return World(
        {place.code: place for place in Place.objects.all()},
        {user.email.partition("@")[0]: user for user in User.objects.all()},
    )


Written = tuple[str, tuple[Any, ...]]
KEPT: list[Any] = []
"""The moment in which the cast was there for the first time, and what had been written for it."""
WRITES = ("INSERT", "UPDATE", "DELETE")


def keeping(written: list[Written]) -> Callable[..., Any]:
    """Executes statements, and keeps those that write."""

    def execute(through: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if sql.lstrip().startswith(WRITES):
            written.append((sql, tuple(params or ())))
        return through(sql, params, many, context)

    return execute


def write_again(done: dt.datetime, written: list[Written]) -> None:
    """Everything in one script, as old now as it was then."""
    later = timezone.now() - done
    with connection.cursor() as cursor:
        client = psycopg.ClientCursor(cursor.connection)
        script = ";\n".join(
            client.mogrify(sql, [p + later if isinstance(p, dt.datetime) else p for p in params])
            for sql, params in written
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
