"""Relations between customers by program."""

from __future__ import annotations

import uuid
from typing import Any, Literal

from django.db.models import Q
from django.http import HttpRequest
from ninja import Router, Schema, Status

from dangol.core.api import Body, may, one_of
from dangol.core.audit import record_access
from dangol.core.masking import shown_name
from dangol.customers.by_id import customer_or_problem
from dangol.customers.models import Customer, Relation
from dangol.customers.queries import customers_visible_to
from dangol.customers.relations import Tie, add_relation, end_relation, ties_of

router = Router(tags=["customers"])


class RelationOut(Schema):
    """A relation as the customer sees it: `forward` says that the kind is said from them."""

    id: uuid.UUID
    kind: str
    forward: bool
    other_id: uuid.UUID
    other_name: str

    @staticmethod
    def of(tie: Tie) -> dict[str, Any]:
        """One line of the answer."""
        return {
            "id": tie.relation.pk,
            "kind": tie.relation.kind,
            "forward": tie.relation.to_customer_id == tie.other.pk,
            "other_id": tie.other.pk,
            "other_name": shown_name(tie.other.name),
        }


class RelationIn(Body):
    """A relation to add, said from the customer of the address."""

    kind: Literal["household", "employee_of", "owner_of", "influences"]
    other_id: uuid.UUID


def customer_of(request: HttpRequest, key: uuid.UUID, ability: str) -> Customer:
    """A customer that the asking person may see (an old id of a merged one too); 404 otherwise."""
    found = customer_or_problem(may(request, ability), key, ability)
    record_access(request, "api customer", [found.pk])
    return found


@router.get("/customers/{customer_id}/relations", response=list[RelationOut])
def list_relations(request: HttpRequest, customer_id: uuid.UUID) -> Any:
    """A customer's relations in force, both ways, to customers that you may see."""
    customer = customer_of(request, customer_id, "customers.see")
    return [RelationOut.of(tie) for tie in ties_of(customer, may(request, "customers.see"))]


@router.post("/customers/{customer_id}/relations", response={201: RelationOut})
def add_customer_relation(request: HttpRequest, customer_id: uuid.UUID, body: RelationIn) -> Any:
    """Tie two customers; the same tie a second time changes nothing."""
    customer = customer_of(request, customer_id, "customers.edit")
    other = customer_of(request, body.other_id, "customers.edit")
    relation = add_relation(customer, other, body.kind, by=may(request, "customers.edit"))
    return Status(201, RelationOut.of(Tie(relation, "", other)))


@router.post("/relations/{relation_id}/ending", response={204: None})
def end_customer_relation(request: HttpRequest, relation_id: uuid.UUID) -> Any:
    """The tie holds no more; it stays to be read. A second time changes nothing."""
    user = may(request, "customers.edit")
    mine = customers_visible_to(user).values("pk")
    rows = Relation.objects.filter(Q(from_customer__in=mine) | Q(to_customer__in=mine))
    end_relation(one_of(rows, relation_id, "relation"), by=user)
    return Status(204, None)
