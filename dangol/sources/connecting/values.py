"""Values of other systems as text, as a person would have typed them."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_noop

from dangol.sources.connecting.contract import Unusable
from dangol.sources.no_days import says_when

HALVES = re.compile("[\ud800-\udfff]")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
TOO_DEEP = gettext_noop("The answer is nested too deeply.")


def as_text(value: Any) -> str:
    """One value as text that can be kept: instants in ISO form, whole numbers without a point."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case str():
            return cleaned(value)
        case bytes() | bytearray() | memoryview():
            return from_bytes(bytes(value))
        case dt.timedelta():
            return span(value)
        case set() | frozenset():
            return cleaned(",".join(sorted(map(str, value))))
        case dt.datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case Decimal():
            return format(value, "f")
        case dict() | list():
            return cleaned(as_json(value))
        case _:
            return cleaned(str(value))


def span(value: dt.timedelta) -> str:
    """A length of time as databases write it: -300:10:11."""
    total = value // dt.timedelta(microseconds=1)
    seconds, rest = divmod(abs(total), 1_000_000)
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return ("-" if total < 0 else "") + text + (f".{rest:06}" if rest else "")


def cleaned(text: str) -> str:
    """A text without what no database keeps: NUL, and halves of character pairs."""
    text = text.replace("\x00", "")
    return text if text.isascii() else HALVES.sub("\ufffd", text)


def as_json(value: Any) -> str:
    """Lists and objects as text."""
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except RecursionError:
        raise Unusable(TOO_DEEP) from None


def from_bytes(value: bytes) -> str:
    """Bytes of a text column that its database could not name: UTF-8, else Korean; of what is no
    text, each byte as two signs, so that two keys never become one."""
    for encoding in ("utf-8", "cp949"):
        try:
            text = value.rstrip(b"\x00").decode(encoding)
        except UnicodeDecodeError:
            continue
        if not CONTROL.search(text):
            return text
    return "0x" + value.hex()


def kept(value: Any) -> dict[str, Any]:
    """A value of the order of reading as JSON holds it, with its kind."""
    match value:
        case None:
            return {"kind": "nothing", "value": None}
        case dt.datetime():
            return {"kind": "moment", "value": value.isoformat()}
        case dt.date():
            return {"kind": "day", "value": value.isoformat()}
        case bool() | int():
            return {"kind": "whole", "value": int(value)}
        case bytes() | bytearray() | memoryview():
            return {"kind": "bytes", "value": bytes(value).hex()}
        case dt.timedelta():
            return {"kind": "text", "value": span(value)}
        case Decimal() | float():
            return {"kind": "number", "value": str(value)}
        case _:
            return {"kind": "text", "value": str(value)}


def unkept(said: dict[str, Any]) -> Any:
    """The value again."""
    match said["kind"]:
        case "moment":
            return dt.datetime.fromisoformat(said["value"])
        case "day":
            return dt.date.fromisoformat(said["value"])
        case "bytes":
            return bytes.fromhex(said["value"])
        case "number":
            return Decimal(said["value"])
        case _:
            return said["value"]


def counts(value: Any, of_days: bool = False) -> bool:
    """Whether a value says up to where was read: not what is empty, endless (infinity), no number, or
    a day that is none (9999-12-31) or to come, after which nothing newer would ever come."""
    match value:
        case None:
            return False
        case Decimal() | float():
            return math.isfinite(value)
        case dt.datetime():
            return says_when(value.date().isoformat())
        case dt.date():
            return says_when(value.isoformat())
        case bool():
            return True
        case int():
            return says_when(str(value))
        case str():
            return not of_days and says_when(value)
    return True


def larger(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """The later of two kept values; an empty one is earlier than every other."""
    if not one or not other:
        return one or other
    try:
        return one if unkept(one) >= unkept(other) else other
    except TypeError:  # with and without a time zone, or of two kinds: the newly read one counts
        return other
