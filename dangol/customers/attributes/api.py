"""Own attributes by program; a customer's values change with the customer."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from dangol.core.api import Body, may, no_such
from dangol.customers.attributes import actions
from dangol.customers.attributes.models import Attribute
from dangol.customers.attributes.values import choices_of, code_of

router = Router()


class AttributeChoice(Body):
    """One of the words to choose from; the code is what values hold."""

    code: str = Field("", max_length=80, pattern=r"^[\w .:/+-]*$")
    name: str = Field(min_length=1, max_length=80)
    name_en: str = Field("", max_length=80)


class AttributeOut(Schema):
    """A thing that the company wants to know of each customer."""

    key: str
    name: str
    name_en: str
    kind: str
    unit: str
    choices: list[AttributeChoice]
    consent: bool
    position: int
    created_at: dt.datetime
    ended_at: dt.datetime | None


class AttributeIn(Body):
    """A new attribute; key and kind stay as they are."""

    key: str = Field(min_length=1, max_length=40, pattern="^[a-z][a-z0-9_]*$")
    name: str = Field(min_length=1, max_length=80)
    name_en: str = Field("", max_length=80)
    kind: Literal["number", "choice", "yes_no", "date"]
    unit: str = Field("", max_length=20)
    choices: list[AttributeChoice] = Field([], max_length=200)
    consent: bool = Field(
        False, description="of yes_no: a merge keeps it only where both customers said yes"
    )


class AttributeChange(Body):
    """What to change. Left out: stays."""

    name: str | None = Field(None, min_length=1, max_length=80)
    name_en: str | None = Field(None, max_length=80)
    unit: str | None = Field(None, max_length=20)
    choices: list[AttributeChoice] | None = Field(None, max_length=200)
    consent: bool | None = None
    position: int | None = Field(None, ge=0, le=9999)


def told(choices: list[AttributeChoice]) -> list[dict[str, str]]:
    """Choices with a code each."""
    try:
        found = choices_of([(code_of(c.code) or c.name, "") for c in choices]) if choices else []
    except ValidationError as refusal:
        raise ValidationError({"choices": refusal.messages}) from None
    return [
        {"code": made["code"], "name": c.name, "name_en": c.name_en}
        for made, c in zip(found, choices, strict=True)
    ]


def the_attribute(key: str) -> Attribute:
    """An attribute by key; 404 where there is none."""
    found = Attribute.objects.filter(key=key).first()
    if found is None:
        raise no_such("attribute")
    return found


@router.get("/customer-attributes", response=list[AttributeOut])
def list_customer_attributes(request: HttpRequest):  # type: ignore[no-untyped-def]
    """Every attribute of the company's own, those that ended too."""
    may(request, "customers.see")
    return Attribute.objects.all()


@router.post("/customer-attributes", response={201: AttributeOut})
def add_customer_attribute(request: HttpRequest, body: AttributeIn):  # type: ignore[no-untyped-def]
    """Begin to know one more thing of each customer."""
    user = may(request, "attributes.edit")
    given = body.dict(exclude={"choices"})
    return Status(201, actions.make_attribute(by=user, choices=told(body.choices), **given))


@router.patch("/customer-attributes/{slug:key}", response=AttributeOut)
def change_customer_attribute(request: HttpRequest, key: str, body: AttributeChange):  # type: ignore[no-untyped-def]
    """Rename it, or change unit, place in the list or choices; a choice that is in use stays."""
    user = may(request, "attributes.edit")
    fields = body.dict(exclude_none=True, exclude={"choices"})
    if body.choices is not None:
        fields["choices"] = told(body.choices)
    return actions.change_attribute(the_attribute(key), by=user, **fields)


@router.post("/customer-attributes/{slug:key}/ending", response=AttributeOut)
def end_customer_attribute(request: HttpRequest, key: str):  # type: ignore[no-untyped-def]
    """Ask and show it no more; its values stay. Twice changes nothing."""
    return actions.end_attribute(the_attribute(key), by=may(request, "attributes.edit"))


@router.post("/customer-attributes/{slug:key}/resumption", response=AttributeOut)
def resume_customer_attribute(request: HttpRequest, key: str):  # type: ignore[no-untyped-def]
    """Ask and show it again, with the values that it had. Twice changes nothing."""
    return actions.resume_attribute(the_attribute(key), by=may(request, "attributes.edit"))
