"""How each of the thirty systems writes its table: headings, coded values, whole or parted names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dangol.sources.transforming import family, given

FIELDS = ("key", "name", "phone", "phone2", "email", "address", "postcode", "birth", "gender")
HEADINGS = (
    ("고객번호", "성명", "휴대폰", "연락처2", "이메일", "주소", "우편번호", "생년월일", "성별"),
    ("cust_no", "cust_nm", "hp_no", "tel_no", "email_addr", "addr", "zip_cd", "birth_dt", "sex_cd"),
    ("회원ID", "회원명", "핸드폰번호", "자택전화", "메일", "자택주소", "우편", "생일", "남여"),
    ("CustomerID", "FullName", "Mobile", "Phone2", "Email", "Address", "Zip", "DateOfBirth", "Gender"),
)  # fmt: skip


@dataclass(frozen=True)
class Style:
    """One system's way of writing."""

    headings: tuple[str, ...]
    parted: bool
    """Family and given name stand in columns of their own."""
    coded: bool
    """Men are 1, women 2."""
    day_first: bool
    """31.01.1985."""


def style_of(number: int, birth: str) -> Style:
    """The style of the n-th system; its dates are turned round only where they are written whole."""
    return Style(
        HEADINGS[number % 4],
        number % 7 == 3,
        number % 3 == 1,
        number % 5 == 4 and birth == "dashed",
    )


def written(row: tuple[str, ...], style: Style) -> list[str]:
    """A row in a style."""
    said = dict(zip(FIELDS, row, strict=True))
    if style.coded:
        said["gender"] = {"M": "1", "F": "2"}.get(said["gender"], said["gender"])
    if style.day_first and said["birth"].count("-") == 2:
        said["birth"] = ".".join(reversed(said["birth"].split("-")))
    cells = [said[name] for name in FIELDS]
    if style.parted:
        cells[1:2] = [family(said["name"]), given(said["name"])]
    return cells


def columns_of(style: Style) -> list[str]:
    """The headings of a style."""
    names = list(style.headings)
    if style.parted:
        names[1:2] = [f"{names[1]}_성", f"{names[1]}_이름"]
    return names


def mapping_of(style: Style) -> dict[str, Any]:
    """How a system of this style is read."""
    name = dict(zip(FIELDS, style.headings, strict=True))
    whole = [f"{name['name']}_성", f"{name['name']}_이름"] if style.parted else [name["name"]]
    found: dict[str, Any] = {
        "key": {"from": [name["key"]]}, "name": {"from": whole},
        "phone": {"from": [name["phone"]]}, "phone2": {"from": [name["phone2"]]},
        "email": {"from": [name["email"]]}, "address": {"from": [name["address"]]},
        "postcode": {"from": [name["postcode"]]},
        "born_on": {"from": [name["birth"]], "do": [["date", "dmy" if style.day_first else "ymd"]]},
        "gender": {"from": [name["gender"]], "do": [["codes", "1=m, 2=f, *=*"]] if style.coded else []},
    }  # fmt: skip
    return found
