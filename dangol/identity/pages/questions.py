"""All pairs, asked and answered."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from dangol.core.audit import record_access
from dangol.core.masking import shown_name
from dangol.identity.models import Question, QuestionWhy, SecondLook
from dangol.identity.pages.tabs import tabs_for
from dangol.identity.stewarding.answering import blind
from dangol.identity.stewarding.gains import settled_by
from dangol.identity.stewarding.queries import (
    BY_ITSELF,
    CONTRADICTED,
    questions_visible_to,
    with_records,
)
from dangol.identity.stewarding.words import answer_words, why_words
from dangol.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, Order, record_url
from dangol.ui.templatetags.measures import figures, signed
from dangol.ui.templatetags.ui import badge

ANSWERS = [
    ("same", gettext_lazy("The same customer")),
    ("household", gettext_lazy("Household, or head office and branch")),
    ("apart", gettext_lazy("Two customers")),
    ("unsure", gettext_lazy("Cannot tell")),
]
"""The answers over people and organisations together, for the filter."""
MEANINGS = {"same": "good", "household": "info", "apart": "", "unsure": "watch"}


def names_of(question: Question) -> str:
    """Both names, or the one that they share."""
    names = [shown_name(str(r.values.get("name") or r.key)) for r in (question.a, question.b)]
    return " · ".join(dict.fromkeys(names))


STATES = {
    "open": Q(settled="") & ~BY_ITSELF,
    "done": ~Q(settled=""),
    "self": BY_ITSELF,
    "other": CONTRADICTED & ~Q(second=SecondLook.WANTED),
}


def answer_of(question: Question) -> str:
    """The answer in words; nothing while a second steward must not know it."""
    if not question.settled or question.second == SecondLook.WANTED:
        return ""
    return answer_words(question.a.kind, question.settled)


def answer_cell(question: Question) -> str:
    """The answer as a badge."""
    told = answer_of(question)
    if told:
        return badge(told, MEANINGS[question.settled], bare=True)
    return badge(by_itself(question), "", bare=True) if by_itself(question) else ""


def by_itself(question: Question) -> str:
    """That nobody needs to answer any more, in words."""
    one = question.a.customer_id == question.b.customer_id
    open_ = not question.settled and not question.second and question.why != QuestionWhy.AUDIT
    return _("settled by itself") if one and open_ else ""


def with_states(rows: QuerySet[Question], values: list[str]) -> QuerySet[Question]:
    """Pairs that wait, were answered, or became one customer by other ways."""
    wanted = Q()
    for value in values:
        wanted |= STATES.get(value, Q())
    return rows.filter(wanted)


def weight_of(question: Question) -> str:
    """The weight; hidden while the pair is a blind one."""
    return "" if blind(question) and not answer_of(question) else signed(question.weight)


class QuestionList(ListPage):
    """Every pair that the matching asked about."""

    key = "questions"
    title = gettext_lazy("Pairs")
    ability = "matching.see"
    columns = [
        Column("pair", gettext_lazy("Pair"), value=names_of, main=True),
        Column("why", gettext_lazy("Why"), value=lambda q: why_words(q.a.kind, q.why, q.steps)),
        Column("weight", gettext_lazy("Weight"), value=weight_of, number=True, sortable=True),
        Column("gain", gettext_lazy("Records settled"), value=lambda q: "" if blind(q) and not answer_of(q) else figures(settled_by(q)), number=True),
        Column("settled", gettext_lazy("Answer"), value=lambda q: answer_of(q) or by_itself(q), cell=answer_cell),
        Column("settled_by", gettext_lazy("By"), value=lambda q: str(q.settled_by) if answer_of(q) and q.settled_by else "", dim=True),
        Column("settled_at", gettext_lazy("Answered"), dim=True),
        Column("created_at", pgettext_lazy("pair", "Asked"), sortable=True, dim=True),
        Column("second", gettext_lazy("Asked twice"), value=lambda q: _("yes") if q.second else "", shown=False),
    ]  # fmt: skip
    filters = [
        ChoiceFilter(
            "state", gettext_lazy("State"),
            [("open", gettext_lazy("waits")), ("done", gettext_lazy("answered")), ("self", gettext_lazy("settled by itself")), ("other", gettext_lazy("answered otherwise than it stands"))],
            apply=with_states,
        ),
        ChoiceFilter("why", gettext_lazy("Why"), QuestionWhy.choices),
        ChoiceFilter("settled", gettext_lazy("Answer"), ANSWERS),
        DateRangeFilter("created_at", pgettext_lazy("pair", "Asked")),
    ]  # fmt: skip
    order = "-gain"
    orders = [Order("-gain", gettext_lazy("Most gain first")), Order("-created_at", gettext_lazy("Newest first"))]  # fmt: skip
    empty_title = gettext_lazy("Nothing was asked yet")
    empty_text = gettext_lazy("Pairs that a run cannot decide alone wait here.")
    page_template = "identity/questions.html"

    def rows(self, request: HttpRequest) -> QuerySet[Question]:
        found = with_records(questions_visible_to(request.user))  # type: ignore[arg-type]
        return found.select_related("settled_by", "a__customer", "b__customer")

    def row_url(self, row: Model) -> str:
        return record_url("matching:question", row.pk)

    def shown(self, request: HttpRequest, rows: list[Any]) -> None:
        keys = [k for q in rows for k in (q.a.customer_id, q.b.customer_id) if k]
        record_access(request, "pairs", keys)

    def extra(self, request: HttpRequest) -> dict:
        return {"tabs": tabs_for(request.user)}  # type: ignore[arg-type]
