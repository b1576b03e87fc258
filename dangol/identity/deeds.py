"""What the matching lets a person do with a customer, from the customer's page and from Ctrl-K."""

import uuid

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dangol.customers.models import SourceRecord
from dangol.ui.deeds import Deed, register


def merge_url(key: uuid.UUID) -> str:
    """Choosing the other customer."""
    return f"{reverse('matching:merge_new')}?a={key}"


def split_url(key: uuid.UUID) -> str:
    """Choosing the records that are somebody else's."""
    return reverse("matching:split_new", args=[key])


def can_be_split(key: uuid.UUID) -> bool:
    """One record alone is one customer: there is nothing to take from it."""
    return len(SourceRecord.objects.filter(customer=key).values_list("pk")[:2]) > 1


def history_url(key: uuid.UUID) -> str:
    """The merges that a customer holds."""
    return f"{reverse('matching:merges')}?survivor={key}"


register(
    Deed("merge", "customer", _("Merge with…"), "users", merge_url, "matching.decide", order=10),
    Deed("split", "customer", _("Split…"), "split", split_url, "matching.decide", order=20, fits=can_be_split),
    Deed("merges", "customer", _("Merges of this customer"), "history", history_url, "matching.see", order=30),
)  # fmt: skip
