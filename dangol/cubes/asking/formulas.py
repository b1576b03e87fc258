"""Own formulas over measures: a small grammar read by hand, nothing that could run anything else.

    sum     = product (("+" | "-") product)*
    product = sign (("*" | "/") sign)*
    sign    = "-" sign | number | measure | "(" sum ")"

What it is told in and its decimals may follow: `closed / opened * 100;%;1`.
A division by nought and a measure without a value give nothing, never an error.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from dangol.cubes.subjects.catalogue import Subject

NUMBER = re.compile(r"\d+(?:\.\d+)?")
SIGNS = {sign: sign for sign in "-+*/()"} | {"−": "-", "–": "-", "×": "*", "÷": "/"}
KINDS = ("", "%", "min", "money")
"""What a formula can be told in: a number, per cent, minutes, an amount."""
MOST_DECIMALS = 3
MOST_TOKENS, MOST_DEEP, MOST_LETTERS = 100, 20, 400
Value = float | None
Node = Callable[[Mapping[str, Any]], Value]
Token = tuple[str, str]


class WrongFormula(ValueError):
    """A formula that cannot be read."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A named expression."""

    name: str
    text: str
    """With the names of the measures, whatever language it was written in."""
    names: frozenset[str]
    node: Node
    tokens: tuple[Token, ...] = ()
    kind: str = ""
    """What it is told in, one of KINDS."""
    decimals: int | None = None
    """As many as it has, where nothing was chosen."""

    @classmethod
    def of(cls, name: str, text: str, known: Mapping[str, str]) -> Formula:
        """Read a formula; `known` leads from what may be written to the measure's name.

        WrongFormula says where it cannot be read.
        """
        text, *looks = (part.strip() for part in text.split(";"))
        kind, decimals = looks_of(looks)
        if len(text) > MOST_LETTERS:
            raise WrongFormula(_("The formula is too long."))
        parser = Parser(text, known)
        node = parser.whole()
        told = " ".join(word for _kind, word in parser.tokens)
        return cls(
            name[:40] or text[:40], told, frozenset(parser.names), node, tuple(parser.tokens),
            kind, decimals,
        )  # fmt: skip

    @property
    def label(self) -> str:
        """Its name, as measures have theirs."""
        return self.name

    @property
    def unit(self) -> str:
        """What stands behind the figure."""
        return {"%": "%", "min": _("min")}.get(self.kind, "")

    @property
    def money(self) -> bool:
        """Whether it is an amount, in the currency of the figures that it speaks of."""
        return self.kind == "money"

    @property
    def digits(self) -> int:
        """Decimals, two where nothing was chosen."""
        return 2 if self.decimals is None else self.decimals

    @property
    def looks(self) -> str:
        """Its unit and decimals as they stand behind the formula in an address."""
        if not self.kind and self.decimals is None:
            return ""
        return f";{self.kind};{'' if self.decimals is None else self.decimals}"

    def value(self, figures: Mapping[str, Any]) -> Value:
        """The formula with these figures put in."""
        found = self.node(figures)
        return found if found is not None and math.isfinite(found) else None

    def spoken(self, subject: Subject) -> str:
        """As people write it: with the figures' names in the reader's language."""
        labels = {m.name: str(m.label) for m in subject.measures}
        return " ".join(labels.get(word, word) for _kind, word in self.tokens)


def looks_of(looks: list[str]) -> tuple[str, int | None]:
    """Unit and decimals; WrongFormula where they are none."""
    kind, decimals, *more = [*looks, "", ""][: max(len(looks), 2)]
    if kind not in KINDS or more:
        raise WrongFormula(_("Choose one of: %s.") % ", ".join(filter(None, KINDS)))
    if decimals not in ("", *map(str, range(MOST_DECIMALS + 1))):
        raise WrongFormula(_("From 0 to %d decimals.") % MOST_DECIMALS)
    return kind, int(decimals) if decimals else None


def words_of(subject: Subject) -> dict[str, str]:
    """What may stand for each measure in a formula: its name, and its labels in every language."""
    found = {m.name: m.name for m in subject.measures}
    for language, _label in settings.LANGUAGES:
        with override(language):
            for measure in subject.measures:
                found.setdefault(str(measure.label).casefold(), measure.name)
    return found


def word_at(text: str, at: int, longest_first: list[str]) -> str:
    """The longest known word that stands here and ends here; empty where none does."""
    for word in longest_first:
        end = at + len(word)
        if text[at:end].casefold() == word and not (text[end : end + 1].isalnum() or text[end : end + 1] == "_"):  # fmt: skip
            return text[at:end]
    return ""


def tokens_of(text: str, known: Mapping[str, str]) -> list[Token]:
    """Numbers, signs and measures in their order."""
    words, found, at = sorted(known, key=len, reverse=True), [], 0
    while at < len(text):
        if text[at].isspace():
            at += 1
        elif word := word_at(text, at, words):
            found.append(("word", known[word.casefold()]))
            at += len(word)
        elif number := NUMBER.match(text, at):
            found.append(("number", number[0]))
            at = number.end()
        elif text[at] in SIGNS:
            found.append(("sign", SIGNS[text[at]]))
            at += 1
        else:
            strange = re.split(r"[-+*/()×÷]", text[at:])[0].strip() or text[at]
            raise WrongFormula(_("There is no figure “%s”.") % strange[:40])
    return found


class Parser:
    """Reads one expression."""

    def __init__(self, text: str, known: Mapping[str, str]) -> None:
        self.names = set[str]()
        self.tokens = tokens_of(text, known)
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
