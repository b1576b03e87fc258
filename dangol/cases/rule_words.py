"""What a rule says, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from dangol.cases.models import Rule
from dangol.interactions.question_names import Named, question_named

CALL_ME = "call_me"
PROCESSES = {
    "": gettext_lazy("Any"),
    "sales": pgettext_lazy("process", "Sales"),
    "service": pgettext_lazy("process", "Service"),
    "product": pgettext_lazy("process", "Product"),
    "other": pgettext_lazy("process", "Other"),
}


@dataclass
class RuleWords:
    """A rule as the page reads it out."""

    rule: Rule
    process: str
    question: str
    test: str


def in_words(rule: Rule, known: Iterable[Named]) -> RuleWords:
    """The rule's process, question and test as people say them."""
    named = question_named(known, rule.process, rule.question)
    tests = []
    if rule.question == CALL_ME:
        question = _("Wish to be called")
        tests.append(_("Wishes a call"))
    else:
        question = (named.text if named else rule.question) or _("Index of the whole response")
    if rule.at_most is not None:
        points = number_format(rule.at_most, decimal_pos=None)
        tests.append(_("At most %(points)s points") % {"points": points.removesuffix(".0")})
    if rule.equals and rule.question != CALL_ME:
        answers = {"yes": _("Yes"), "no": _("No"), **(named.options if named else {})}
        tests.append(_("Answer “%(answer)s”") % {"answer": answers.get(rule.equals, rule.equals)})
    process = str(PROCESSES.get(rule.process, rule.process))
    return RuleWords(rule, process, question, " · ".join(tests))


def question_choices(known: Iterable[Named]) -> list[tuple[str, object]]:
    """What a rule can look at: the whole response, the wish to be called, or one question."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for named in known:
        if named.process in PROCESSES and named.key != CALL_ME:
            groups.setdefault(named.process, []).append((named.key, named.text))
    return [
        ("", _("Index of the whole response")),
        (CALL_ME, _("Wish to be called")),
        *((str(PROCESSES[process]), lines) for process, lines in groups.items()),
    ]
