"""A question as programs send it and read it back."""

from __future__ import annotations

from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from ninja import Schema
from pydantic import Field

from dangol.core.api import Body
from dangol.cubes.asking.addresses import address_of, given_of
from dangol.cubes.asking.query import Refused, listed, query_of
from dangol.cubes.models import Issue, View, Watch

Names = Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=20)]
SIDES = ("rows", "columns", "measures", "extras")


class QuestionIn(Body):
    """A question, in the names of the subject."""

    subject: Annotated[str, Field(max_length=60)]
    rows: Names = []
    columns: Names = []
    measures: Names = []
    filters: Annotated[dict[str, list[str]], Field(max_length=20)] = {}
    """Members by dimension; a name that ends in `!` means all but these."""
    period: Annotated[str, Field(max_length=40)] = ""
    compare: Annotated[str, Field(max_length=20)] = ""
    extras: Names = []
    formulas: Annotated[list[Annotated[str, Field(max_length=400)]], Field(max_length=4)] = []
    sort: Annotated[str, Field(max_length=60)] = ""
    look: Annotated[str, Field(max_length=20)] = "table"
    """The way to look at it; figures are the same in each."""

    def given(self) -> dict[str, Any]:
        """As `query_of` reads it; without measures the subject's own."""
        said = self.dict(include=set(QuestionIn.model_fields))
        if not self.measures:
            del said["measures"]
        return said


class KeptQuestionIn(QuestionIn):
    """A question to keep, with the way to look at it."""

    def address(self) -> str:
        """The question as an address; ValidationError by field."""
        try:
            return address_of(query_of(self.given()))
        except Refused as refused:
            raise ValidationError(
                {f"question.{name}": [text] for name, text in refused.errors.items()}
            ) from None


class QuestionOut(Schema):
    """A kept question; it may be sent as it is to `/cubes/query`."""

    subject: str
    rows: list[str]
    columns: list[str]
    measures: list[str]
    filters: dict[str, list[str]]
    period: str
    compare: str
    extras: list[str]
    formulas: list[str]
    sort: str
    look: str


class AsksQuestion(Schema):
    """Whatever keeps a question tells it in names."""

    question: QuestionOut

    @staticmethod
    def resolve_question(row: View | Watch | Issue) -> dict[str, Any]:
        return question_told(row.address)


def question_told(address: str) -> dict[str, Any]:
    """A kept address in the names of a question."""
    given = given_of(QueryDict(address))
    plain = {name: given.get(name, "") for name in ("subject", "period", "compare", "sort")}
    sides = {name: listed(given.get(name)) for name in SIDES}
    return {
        **plain, **sides, "filters": given["filters"], "formulas": given["formulas"],
        "look": given.get("look", "table"),
    }  # fmt: skip
