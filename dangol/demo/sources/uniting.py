"""The thirty databases as sources of the product: connected, mapped, trusted, scheduled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dangol.core.models import User
from dangol.demo.sources.companies import BOOKS
from dangol.demo.sources.company_books import connect_books, cut_companies
from dangol.demo.sources.cutting import Cut, cut_company, write_truth
from dangol.demo.sources.placing import Reached, kind_of, put
from dangol.demo.sources.records import thirty_databases
from dangol.demo.sources.styles import mapping_of, style_of
from dangol.sources.actions import choose_place, set_mapping, set_schedule, set_trust
from dangol.sources.connections import connect_source
from dangol.sources.models import Source

NAMES = (
    "영업 관리", "정비 이력", "온라인몰", "멤버십 카드", "콜센터", "강남 지점", "부산 지점", "법인 영업", "보험",
    "금융", "이벤트 응모", "홈페이지", "모바일 앱", "대리점 A", "해외 영업", "대리점 B", "부품 판매", "긴급 출동",
    "렌터카", "중고차", "시승 신청", "설문", "보증 등록", "리콜", "잡지 구독", "골프 대회", "옛 전산",
    "카드 제휴", "주유 제휴", "해외 웹",
)  # fmt: skip
Say = Callable[[str], None]


def unite_company(
    *, most: int = 0, seed: int = 1, mariadb: dict[str, Any] | None = None, endpoint: str = "",
    by: User | None = None, say: Say = print,
) -> list[Source]:  # fmt: skip
    """Cut the company, put the databases in their places and connect them; nothing is read yet.

    What was cut and read before is kept as it is: another cut would put other people's rows under
    the same keys, and other people into the hidden truth.
    """
    if known := read_before():
        say("The company was cut and read before: its databases and the truth are kept.")
        return known
    cuts, books = cut_company(most=most, seed=seed), cut_companies(seed=seed)
    made = []
    for number, cut in enumerate(cuts):
        kind = kind_of(number, mariadb=bool(mariadb), endpoint=bool(endpoint))
        reached = put(number, cut, kind, mariadb or {}, endpoint)
        made.append(connect(number, cut, reached, by))
        say(f"{cut.database.code} {NAMES[number]}: {len(cut.rows):,} rows, {kind}")
    made += connect_books(books, by, say)
    write_truth([*cuts, *books])
    return made


def read_before() -> list[Source]:
    """The sources of an earlier cut, if any of them was read."""
    codes = [one.code.lower() for one in (*thirty_databases(), *BOOKS)]
    known = Source.objects.filter(code__in=codes).order_by("pk")
    return list(known) if known.filter(runs__isnull=False).exists() else []


def connect(number: int, cut: Cut, reached: Reached, by: User | None) -> Source:
    """The source of a database; one that is there already is kept."""
    connection, reach, hidden, place = reached
    code = cut.database.code.lower()
    known = Source.objects.filter(code=code).first()
    if known:
        return known
    source = connect_source(
        code=code, name=NAMES[number], entity="person", connection=connection, reach=reach,
        hidden=hidden, by=by,
    )  # fmt: skip
    source = choose_place(source, place, by=by)
    source = set_mapping(source, mapping_of(style_of(number, cut.database.birth)), by=by)
    source = set_trust(source, {"phone": 30 + number * 2, "name": int(90 - 30 * cut.database.care)}, by=by)  # fmt: skip
    return set_schedule(source, schedule=f"{number * 2} 1 * * *", full=True, by=by)
