"""The weights of a pair in words that a person understands without statistics."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from dangol.identity.matching.parameters import SLIP, Parameters
from dangol.identity.models import Answer, QuestionWhy
from dangol.identity.stewarding import company_words
from dangol.ui.templatetags.measures import figures

LEVELS: dict[str, str | Promise] = {
    "name.same": gettext_lazy("The same name"),
    "name.typo": gettext_lazy("One letter of the name differs"),
    "name.sound": gettext_lazy("The name sounds the same in other letters"),
    "name.latin": gettext_lazy("Two letters of a Latin name differ"),
    "name.alike": gettext_lazy("Both parts of a Latin name are alike"),
    "name.turned": gettext_lazy("Given and family name exchanged"),
    "name.half": gettext_lazy("One part of the name is not known, the other the same"),
    "name.given": gettext_lazy("The same given name, another family name"),
    "name.two_typos": gettext_lazy("Two letters of the given name differ"),
    "name.foreign": gettext_lazy("The same family name in other letters"),
    "name.family": gettext_lazy("Only the family name is the same"),
    "name.else": gettext_lazy("Another name"),
    "phone.same": gettext_lazy("The same phone"),
    "phone.typo": gettext_lazy("One digit of the phone differs"),
    "phone.else": gettext_lazy("Another phone"),
    "email.same": gettext_lazy("The same e-mail"),
    "email.typo": gettext_lazy("One character of the e-mail differs"),
    "email.local": gettext_lazy("The same e-mail name at another provider"),
    "email.else": gettext_lazy("Another e-mail"),
    "number.same": gettext_lazy("The same membership number"),
    "number.typo": gettext_lazy("Nearly the same membership number"),
    "number.else": gettext_lazy("Another membership number"),
    "birth.same": gettext_lazy("The same date of birth"),
    "birth.typo": gettext_lazy("One digit of the date of birth differs"),
    "birth.turned": gettext_lazy("Day and month of birth exchanged"),
    "birth.year": gettext_lazy("Only the year of birth is the same"),
    "birth.else": gettext_lazy("Another date of birth"),
    "address.unit": gettext_lazy("The same dwelling"),
    "address.postcode_unit": gettext_lazy("The same postcode and unit"),
    "address.building": gettext_lazy("The same building"),
    "address.line": gettext_lazy("Nearly the same address"),
    "address.postcode_typo": gettext_lazy("One digit of the postcode differs"),
    "address.postcode": gettext_lazy("The same postcode"),
    "address.district": gettext_lazy("The same district"),
    "address.else": gettext_lazy("Another district"),
    "gender.same": gettext_lazy("The same sex"),
    "gender.else": gettext_lazy("Another sex"),
}
COMPARED: dict[str, str | Promise] = {
    "name": gettext_lazy("Name"),
    "phone": gettext_lazy("Phone"),
    "email": gettext_lazy("E-mail"),
    "number": gettext_lazy("Membership number"),
    "birth": gettext_lazy("Date of birth"),
    "address": gettext_lazy("Address"),
    "gender": pgettext_lazy("of a person", "Sex"),
}
RARE, COMMON = 5_000, 500
"""One bearer in so many records: from here on a name is rare, up to here it is common."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the waterfall: from where to where, in bits, and in words."""

    label: str
    note: str
    bits: float
    start: float
    x: float
    width: float
    meaning: str


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Where a pair's weight comes from, on one scale."""

    bars: list[Bar]
    total: float
    join: float
    review: float
    """Where the thresholds stand on the scale, from 0 to 100."""
    probability: str
    digits: int
    """So many after the point that the weight is not said like a threshold that it does not reach."""


OF_KIND = {"person": LEVELS, "organisation": company_words.LEVELS}


def level_words(comparison: str, level: str, kind: str = "person") -> str:
    """A level of a comparison in words."""
    return str(OF_KIND[kind].get(f"{comparison}.{level}", f"{comparison} {level}"))


def answer_words(kind: str, answer: str) -> str:
    """An answer in words: what two people are is not what two organisations are."""
    return str(company_words.ANSWERS[answer] if kind == "organisation" else Answer(answer).label)


def why_words(kind: str, why: str, steps: list[list[object]]) -> str:
    """Why a pair is asked about, in words that fit what was compared."""
    levels = {str(step[0]): str(step[1]) for step in steps}
    if why == QuestionWhy.NAME and kind == "organisation":
        return company_words.why_name(levels)
    if why == QuestionWhy.NAME and levels.get("name") in ("same", "sound"):
        return _("The name is the same, but too little besides")
    return str(QuestionWhy(why).label)


def step_words(
    comparison: str, level: str, bits: float, parameters: Parameters, kind: str = "person"
) -> tuple[str, str]:
    """A step of the waterfall: what it is, and what makes it weigh so much."""
    label = level_words(comparison, level, kind)
    company = kind == "organisation"
    m = parameters.m.get(f"{comparison}.{level}", SLIP)
    odds = 2.0**bits
    if (comparison, level) == ("name", "same"):
        one_in = round(odds / m)
        if one_in >= RARE:
            label = _("The same rare name")
        elif one_in <= COMMON:
            label = _("The same common name")
        words = (
            _("1 in %(n)s companies has this name") if company else _("1 in %(n)s has this name")
        )
        return label, words % {"n": figures(rounded(one_in))}
    if (comparison, level) == ("birth", "same") and bits < parameters.weight("birth", "same") - 1:
        words = _("1 in %(n)s gave this date, perhaps where none was known")
        return _("The same date of birth, which many gave"), words % {
            "n": figures(rounded(odds / m))
        }
    if bits >= 0.5:
        words = (
            _("%(n)s times likelier for one organisation")
            if company
            else _("%(n)s times likelier for one person")
        )
        return label, words % {"n": figures(rounded(odds))}
    if bits <= -0.5:
        words = (
            _("%(n)s times likelier for two organisations")
            if company
            else _("%(n)s times likelier for two people")
        )
        return label, words % {"n": figures(rounded(1 / odds), 1 if 1 / odds < 10 else 0)}
    return label, _("says next to nothing")


def rounded(number: float) -> float:
    """Two digits that count: 17,342 is said as 17,000."""
    if number < 10:
        return round(number, 1) if number < 3 else round(number)
    return round(number, 1 - math.floor(math.log10(number)))


def chance(bits: float, kind: str = "person") -> str:
    """How sure the model is, in words that do not end in a row of nines."""
    company = kind == "organisation"
    odds = 2.0 ** abs(bits)
    share = 100 * odds / (1 + odds)
    if share < 99.5:
        shown = share if bits >= 0 else 100 - share
        words = (
            _("%(share)s%% that this is one organisation")
            if company
            else _("%(share)s%% that this is one person")
        )
        return words % {"share": figures(shown)}
    if bits > 0:
        return _("wrong in 1 of %(n)s such pairs") % {"n": figures(rounded(odds))}
    words = (
        _("one organisation in 1 of %(n)s such pairs")
        if company
        else _("one person in 1 of %(n)s such pairs")
    )
    return words % {"n": figures(rounded(odds))}


def waterfall(
    steps: list[list[object]], weight: float, parameters: Parameters, join: float, review: float,
    kind: str = "person",
) -> Waterfall:  # fmt: skip
    """The bars of a pair: before anything is compared, then each comparison, on one scale."""
    told = [(str(c), str(lv), float(b)) for c, lv, b in steps]  # type: ignore[arg-type]
    prior = weight - sum(bits for _c, _l, bits in told)
    ends, at = [0.0, prior], prior
    for _c, _l, bits in told:
        at += bits
        ends.append(at)
    low, high = min([*ends, review]) - 1, max([*ends, join]) + 1
    scale = 100 / (high - low)
    rows = [
        (
            _("Before anything is compared"),
            (
                _("one pair in %(n)s is one organisation")
                if kind == "organisation"
                else _("one pair in %(n)s is one person")
            )
            % {"n": figures(rounded(2.0**-prior))},
            prior,
        )
    ]
    rows += [(*step_words(c, lv, bits, parameters, kind), bits) for c, lv, bits in told]
    bars, start = [], 0.0
    for label, note, bits in rows:
        left = min(start, start + bits)
        bars.append(
            Bar(
                label, note, bits, start, round((left - low) * scale, 2),
                max(round(abs(bits) * scale, 2), 0.6), "for" if bits > 0 else "against",
            )
        )  # fmt: skip
        start += bits
    bars[0] = replace(bars[0], meaning="before")
    return Waterfall(
        bars, weight, round((join - low) * scale, 2), round((review - low) * scale, 2),
        chance(weight, kind), digits_of(weight, join, review),
    )  # fmt: skip


def digits_of(weight: float, *limits: float) -> int:
    """One, or two where one would make a weight and a threshold equal that are not."""
    return 1 + any(round(weight, 1) == round(limit, 1) != 0 for limit in limits)
