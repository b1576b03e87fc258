"""A REST endpoint that hands out a list page by page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from django.utils.translation import gettext_noop

from dangol.sources.connecting.contract import Ask, Listing, Piece, Unreachable, Unusable
from dangol.sources.connecting.values import (
    TOO_DEEP,
    as_json,
    as_text,
    cleaned,
    counts,
    kept,
    larger,
    unkept,
)
from dangol.sources.connecting.web import request

PAGES = ("page", "offset", "cursor", "link", "none")
"""How the next page is found: by its number, by the rows before it, by a token or by an address
that the answer holds, or not at all."""
MOST_PAGES = 200_000
RUN = 120.0
"""Seconds that a page may take in all while a run reads."""
REMEMBERED = 1_000
"""Pages of a run that are known again when they come once more."""
DEEPEST = 30
NAME = 120
"""Letters of a column's name."""
MOST_DIGITS = 1000


class Endpoint:
    """Lists of objects in JSON; inner objects become columns with a point in the name."""

    def __init__(self, said: dict[str, Any], hidden: str, seconds: float = RUN) -> None:
        self.seconds = seconds
        self.said = {
            "items": "", "paging": "page", "page_parameter": "page", "size_parameter": "size",
            "size": 200, "next": "next", "first_page": 1, "since_parameter": "", "header": "Authorization",
        } | {name: value for name, value in said.items() if value not in ("", None)}  # fmt: skip
        self.hidden = hidden

    def close(self) -> None:
        """Nothing is held."""

    def test(self) -> str:
        """How many rows the first page has."""
        items, _next = self.page(self.address(""), {})
        return f"HTTP 200, {len(items)}"

    def places(self) -> list[Listing]:
        """The paths that were named."""
        named = str(self.said.get("paths", "")).split()
        return [Listing(path) for path in named] or [Listing("/")]

    def columns(self, place: str) -> list[str]:
        """Every name in the first page, in the order in which they appear."""
        items, _next = self.page(self.address(place), self.query({}))
        return list(dict.fromkeys(name for item in items for name in flat(item)))

    def sample(self, place: str, rows: int) -> Piece:
        """The first rows of the first page."""
        items, _next = self.page(self.address(place), self.query({}))
        names = list(dict.fromkeys(name for item in items for name in flat(item)))
        return Piece([arranged(item, names) for item in items[:rows]], {}, names=names)

    def read(self, ask: Ask) -> Iterator[Piece]:
        """Page after page, from the cursor on."""
        state = dict(ask.cursor)
        mark: dict[str, Any] = {}
        for _number in range(MOST_PAGES):
            if state.get("end"):
                return
            address = state.get("link") or self.address(ask.place)
            asked = {} if state.get("link") else self.query(state)
            if ask.watermark_column and ask.watermark and not ask.full and self.said["since_parameter"] and not state.get("link"):  # fmt: skip
                asked[self.said["since_parameter"]] = as_text(unkept(ask.watermark))
            items, following = self.page(address, asked)
            seen = seen_before(state, items)
            grown = 0 < state.get("rows", 0) < len(items) and self.said["paging"] == "page"
            rows = [arranged(item, ask.names) for item in items]
            if ask.watermark_column in ask.names:
                at = ask.names.index(ask.watermark_column)
                for row in rows:
                    mark = larger(mark, kept(row[at])) if counts(row[at]) else mark
            state = self.after(state, len(items), following)
            state |= {"seen": seen, "rows": len(items)}
            yield Piece(rows, state, watermark=mark, strange={"pages_grew": 1} if grown else {})
        raise Unusable(gettext_noop("The list has no end."))

    def query(self, state: dict[str, Any]) -> dict[str, Any]:
        """The parameters of a page."""
        said, size = self.said, int(self.said["size"])
        match said["paging"]:
            case "page":
                number = state.get("page", int(said["first_page"]))
                return {said["page_parameter"]: number, said["size_parameter"]: size}
            case "offset":
                return {
                    said["page_parameter"]: state.get("offset", 0),
                    said["size_parameter"]: size,
                }
            case "cursor":
                token = {said["page_parameter"]: state["token"]} if state.get("token") else {}
                return token | {said["size_parameter"]: size}
            case _:
                return {}

    def after(self, state: dict[str, Any], count: int, following: Any) -> dict[str, Any]:
        """Where the next page is; `end` when this was the last."""
        match self.said["paging"]:
            case "page" if count:
                return {"page": state.get("page", int(self.said["first_page"])) + 1}
            case "offset" if count:
                return {"offset": state.get("offset", 0) + count}
            case "cursor" if following:
                return {"token": as_text(following)}
            case "link" if following:
                return {"link": self.same_host(as_text(following), state)}
        return state | {"end": True}

    def same_host(self, following: str, state: dict[str, Any]) -> str:
        """The next address, which stays with the system that was named: the token goes nowhere else."""
        base = self.address("")
        try:
            found = urljoin(state.get("link") or base, following)
            elsewhere = urlsplit(found)[:2] != urlsplit(base)[:2]
        except ValueError:
            raise Unusable(gettext_noop("“%(url)s” is no web address."), url=following[:200]) from None  # fmt: skip
        if elsewhere:
            raise Unusable(gettext_noop("The next page lies on another host: %(url)s"), url=found[:200])  # fmt: skip
        return found

    def address(self, place: str) -> str:
        """The address of a list."""
        base = str(self.said.get("url", ""))
        path = (place or (self.places()[0].name)).lstrip("/")
        return f"{base.rstrip('/')}/{path}" if path else base

    def page(self, address: str, asked: dict[str, Any]) -> tuple[list[dict[str, Any]], Any]:
        """The objects of a page, and what the answer says of the next one."""
        parts = urlsplit(address)
        query = urlencode([*parse_qsl(parts.query), *asked.items()])
        headers = {"Accept": "application/json", "User-Agent": "Dangol"}
        if self.hidden:
            headers[str(self.said["header"])] = self.hidden
        answer = request(
            "GET", urlunsplit(parts._replace(query=query)), headers=headers, seconds=self.seconds
        )
        if answer.status in {408, 425, 429} or answer.status >= 500:
            raise Unreachable(
                gettext_noop("The endpoint answers %(status)s."), status=answer.status
            )
        if answer.status != 200:
            raise Unusable(gettext_noop("The endpoint answers %(status)s."), status=answer.status)
        said = read_answer(answer.body)
        items = within(said, str(self.said["items"]))
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise Unusable(gettext_noop("There is no list of objects at “%(path)s”."),
                           path=str(self.said["items"])[:100])  # fmt: skip
        return items, within(said, str(self.said["next"]))


def read_answer(body: bytes) -> Any:
    """The JSON of an answer; Unreachable when it broke off, Unusable when it is none of ours."""
    try:
        return json.loads(body, parse_int=whole)
    except RecursionError:
        raise Unusable(TOO_DEEP) from None
    except ValueError:
        if body.lstrip()[:1] in {b"", b"{", b"["}:
            raise Unreachable(gettext_noop("The answer is cut off.")) from None
        raise Unusable(gettext_noop("The answer is no JSON.")) from None


def whole(digits: str) -> int | str:
    """A whole number; one of thousands of digits is a text, and its row is judged by that."""
    return int(digits) if len(digits) <= MOST_DIGITS else digits


def fingerprint(items: list[dict[str, Any]]) -> str:
    """By which a page that comes again is known."""
    return hashlib.blake2b(cleaned(as_json(items)).encode(), digest_size=8).hexdigest()


def seen_before(state: dict[str, Any], items: list[dict[str, Any]]) -> list[str]:
    """The pages that were read, this one with them; Unreachable for one that was read before."""
    seen: list[str] = state.get("seen", [])
    if not items:
        return seen
    print_ = fingerprint(items)
    if print_ in seen[-1:]:
        raise Unreachable(gettext_noop("The endpoint hands out the same page twice; if it knows no pages, say so."))  # fmt: skip
    if print_ in seen:
        raise Unreachable(
            gettext_noop("The endpoint hands out a page again that came %(pages)s pages before: its pages go round in a circle. Nothing was applied."),
            pages=len(seen) - seen.index(print_),
        )  # fmt: skip
    return [*seen, print_][-REMEMBERED:]


def within(said: Any, path: str) -> Any:
    """What lies at data.items; nothing where the way ends before."""
    for step in filter(None, path.split(".")):
        said = said.get(step) if isinstance(said, dict) else None
    return said


def flat(item: dict[str, Any], before: str = "", depth: int = 0) -> dict[str, Any]:
    """{"a": {"b": 1}} → {"a.b": 1}."""
    if depth > DEEPEST:
        raise Unusable(TOO_DEEP)
    found: dict[str, Any] = {}
    for name, value in item.items():
        if isinstance(value, dict):
            found |= flat(value, f"{before}{name}.", depth + 1)
        else:
            found[cleaned(f"{before}{name}")[:NAME]] = value
    return found


def arranged(item: dict[str, Any], names: list[str]) -> list[str]:
    """An object as a row."""
    values = flat(item)
    return [as_text(values.get(name)) for name in names]
