"""What segments lends to the lake: uploaded lists and whom they name."""

from django.utils.translation import gettext_lazy as _

from dangol.segments.models import CustomerList, Listed
from dangol.warehouse.facts import FactTable, key, ref, register

register(
    FactTable(
        name="lists", model=CustomerList, label=_("Uploaded lists"), grain=_("One list"), whole=True,
        columns=(key(), ref("place", of="places", label=_("Place"))),
    ),
    FactTable(
        name="listed", model=Listed, label=_("Customers of lists"), grain=_("One customer of one list"),
        customer="customer",
        columns=(
            key(),
            ref("list", of="lists", label=_("List")),
            ref("customer", of="customers", label=_("Customer")),
        ),
    ),
)  # fmt: skip
