"""Own formulas over measures: a small grammar read by hand, nothing that could run anything else.

    sum     = product (("+" | "-") product)*
    product = sign (("*" | "/") sign)*
    sign    = "-" sign | number | measure | "(" sum ")"

A division by nought and a measure without a value give nothing, never an error.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([a-z_]+)|([-+*/()])|(\S))")
MOST_TOKENS, MOST_DEEP = 100, 20
Value = float | None
Node = Callable[[Mapping[str, Any]], Value]


class WrongFormula(ValueError):
    """A formula that cannot be read."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A named expression."""

    name: str
    text: str
    names: frozenset[str]
    node: Node

    @classmethod
    def of(cls, name: str, text: str, known: Collection[str]) -> Formula:
        """Read a formula; WrongFormula says where it cannot be read."""
        parser = Parser(text.strip()[:400], known)
        node = parser.whole()
        shown = name[:40] or text.strip()[:40]
        return cls(shown, text.strip()[:400], frozenset(parser.names), node)

    def value(self, figures: Mapping[str, Any]) -> Value:
        """The formula with these figures put in."""
        found = self.node(figures)
        return found if found is not None and math.isfinite(found) else None


class Parser:
    """Reads one expression."""

    def __init__(self, text: str, known: Collection[str]) -> None:
        self.known, self.names = known, set[str]()
        self.tokens: list[tuple[str, str]] = []
        for number, word, sign, other in TOKEN.findall(text):
            if other:
                raise WrongFormula(_("“%s” has no meaning here.") % other[:20])
            kind = "number" if number else "word" if word else "sign"
            self.tokens.append((kind, number or word or sign))
        if len(self.tokens) > MOST_TOKENS:
            raise WrongFormula(_("The formula is too long."))
        self.place = self.deep = 0

    def ahead(self, *signs: str) -> bool:
        """Whether one of these signs comes next."""
        return self.place < len(self.tokens) and self.tokens[self.place] in {("sign", s) for s in signs}  # fmt: skip

    def take(self) -> tuple[str, str]:
        """The next token."""
        if self.place >= len(self.tokens):
            raise WrongFormula(_("Something is missing at the end."))
        self.place += 1
        return self.tokens[self.place - 1]

    def whole(self) -> Node:
        """The expression, and nothing after it."""
        node = self.sum()
        if self.place < len(self.tokens):
            raise WrongFormula(_("“%s” has no meaning here.") % self.tokens[self.place][1][:20])
        return node

    def sum(self) -> Node:
        """Products added and taken off."""
        node = self.product()
        while self.ahead("+", "-"):
            node = pair(self.take()[1], node, self.product())
        return node

    def product(self) -> Node:
        """Factors multiplied and divided."""
        node = self.sign()
        while self.ahead("*", "/"):
            node = pair(self.take()[1], node, self.sign())
        return node

    def sign(self) -> Node:
        """A number, a measure, something in brackets, or one of these below nought."""
        self.deep += 1
        if self.deep > MOST_DEEP:
            raise WrongFormula(_("The formula is too deep."))
        kind, text = self.take()
        node: Node
        if kind == "number":
            node = constant(float(text))
        elif kind == "word":
            if text not in self.known:
                raise WrongFormula(_("There is no measure “%s”.") % text[:40])
            self.names.add(text)
            node = figure(text)
        elif text == "-":
            node = pair("-", constant(0.0), self.sign())
        elif text == "(":
            node = self.sum()
            if not self.ahead(")"):
                raise WrongFormula(_("A bracket is not closed."))
            self.take()
        else:
            raise WrongFormula(_("“%s” has no meaning here.") % text)
        self.deep -= 1
        return node


def constant(number: float) -> Node:
    """A number."""
    return lambda figures: number


def figure(name: str) -> Node:
    """What a measure says."""

    def value(figures: Mapping[str, Any]) -> Value:
        found = figures.get(name)
        return None if found is None else float(found)

    return value


def pair(sign: str, left: Node, right: Node) -> Node:
    """Two values joined; nothing where one says nothing or the divisor is nought."""

    def value(figures: Mapping[str, Any]) -> Value:
        a, b = left(figures), right(figures)
        if a is None or b is None or (sign == "/" and b == 0):
            return None
        if sign == "+":
            return a + b
        if sign == "-":
            return a - b
        return a * b if sign == "*" else a / b

    return value
