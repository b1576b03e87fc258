"""Sources of every kind for tests, and the systems that they read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

from dangol.sources.actions import choose_place, set_mapping, set_schedule, start_run
from dangol.sources.connections import connect_source
from dangol.sources.models import Run, Source
from dangol.sources.running.carrying import carry_on

HEADINGS = ["고객번호", "성명", "휴대폰", "이메일", "생년월일"]
MAPPING = {
    "key": {"from": ["고객번호"]},
    "name": {"from": ["성명"]},
    "phone": {"from": ["휴대폰"]},
    "email": {"from": ["이메일"]},
    "born_on": {"from": ["생년월일"], "do": [["date", "ymd"]]},
}
PEOPLE = [
    ["1", "김철수", "010-2345-6789", "cs@naver.example", "1980-01-31"],
    ["2", "이영희", "010-3456-7890", "", "1990.2.3"],
    ["3", "박민수", "", "ms@daum.example", "750615"],
]


def put(name: str, rows: list[list[str]], *, encoding: str = "utf-8", folder: str = "") -> Path:
    """Write a CSV file into the inbox."""
    path = Path(settings.INBOX) / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(",".join(row) + "\n" for row in rows)
    path.write_bytes(text.encode(encoding))
    return path


def a_source(
    *, code: str = "shop", entity: str = "person", connection: str = "folder",
    reach: dict[str, Any] | None = None, hidden: str = "", place: str = "*.csv",
    mapping: dict[str, Any] | None = None, full: bool = True, watermark: str = "",
    schedule: str = "", by: Any = None,
) -> Source:  # fmt: skip
    """A source that is ready to run."""
    source = connect_source(
        code=code, name=code, entity=entity, connection=connection, reach=reach or {},
        hidden=hidden, by=by,
    )  # fmt: skip
    source = choose_place(source, place, by=by)
    source = set_mapping(source, MAPPING if mapping is None else mapping, by=by)
    return set_schedule(source, schedule=schedule, full=full, watermark_column=watermark, by=by)


def ran(source: Source, *, full: bool | None = None) -> Run:
    """The source read once, from beginning to end."""
    return carry_on(start_run(source, by=None, full=full, now=False).pk)


def a_source_of_files(code: str, *, by: Any = None) -> Source:
    """A source of three people, ready to run, in a folder of its own."""
    put("people.csv", [HEADINGS, *PEOPLE], folder=code)
    return a_source(code=code, reach={"folder": code}, by=by)
