"""What scores hear: a purchase is learned by the recommendation that this process keeps in memory."""

from django.db import transaction

from dangol.core.events import hears
from dangol.core.models import Event
from dangol.purchases.models import Line
from dangol.scores import offering
from dangol.scores.models import Kind


@hears("purchases.TransactionsLoaded")
def learn_what_was_bought(event: Event) -> None:
    """A single purchase: each product that is new to the customer; files wait for the next version."""
    if (
        Kind.NEXT not in offering.KEPT
        or event.payload.get("count") != 1
        or event.customer_id is None
    ):
        return
    customer = event.customer_id
    rows = list(
        Line.objects.filter(transaction__customer=event.customer_id, amount__gte=0)
        .values_list("transaction", "product")
    )  # fmt: skip
    before = [p for t, p in rows if t != event.subject_id]
    new = [p for t, p in rows if t == event.subject_id and p not in before]

    def learn() -> None:
        had = list(before)
        for product in dict.fromkeys(new):
            offering.learn_purchase(customer, product, had)
            had.append(product)

    transaction.on_commit(learn)
