"""What purchases lends to the lake: products with their levels, transactions, lines, ownership."""

from django.utils.translation import gettext_lazy as _

from dangol.purchases.models import Line, Ownership, Product, Transaction
from dangol.warehouse.facts import (
    Column,
    FactTable,
    Type,
    count,
    day,
    instant,
    key,
    local_day,
    money,
    ref,
    register,
    text,
)

LEVEL = (
    "(SELECT a.lake_no FROM purchases_product a WHERE a.lo <= {{lo}} AND a.hi >= {{hi}}"
    " ORDER BY a.lo OFFSET {0} LIMIT 1)"
)
ZONE = "{place.time_zone}"


def level(depth: int, label: object) -> Column:
    """The product of a level that a product lies in (or is), counted from the top."""
    return Column(f"level{depth}_id", Type.REF, LEVEL.format(depth - 1), label, _("Of the present tree."), "products")  # fmt: skip


register(
    FactTable(
        name="products", model=Product, label=_("Products"), grain=_("One product of the tree"),
        whole=True,
        columns=(
            key(),
            ref("parent", of="products", label=_("Above")),
            text("code", label=_("Code")),
            text("name", label=_("Name")),
            text("name_en", label=_("English name")),
            level(1, _("Family")),
            level(2, _("Product line")),
            level(3, _("Model")),
            count("lo", label=_("Range from"), meaning=_("“Below a product” is one range test.")),
            count("hi", label=_("Range to")),
            day("ended_on", label=_("Ended")),
        ),
    ),
    FactTable(
        name="transactions", model=Transaction, label=_("Transactions"),
        also=_("purchase buy order sale visit service repair repurchase repeat customer"),
        grain=_("One sale or service visit"), time="at", customer="customer",
        columns=(
            key(),
            ref("customer", of="customers", label=_("Customer")),
            ref("place", of="places", label=_("Site"), also=_("region area store shop branch")),
            text("kind", label=_("Kind"), also=_("sale service repair visit")),
            instant("at", label=_("When")),
            local_day("day", "{at}", ZONE, _("Day"), _("The day where the site is.")),
            money("amount", label=_("Amount"), meaning=_("Below zero: a refund."), also=_("money spent revenue sales price paid value")),
            text("currency", label=_("Currency")),
            text("source", label=_("Source")),
        ),
        settled=("place",), only="{gone_at} IS NULL",
    ),
    FactTable(
        name="lines", model=Line, label=_("Lines"),
        also=_("item product goods model"), grain=_("One product of a transaction"),
        time="at", customer="customer",
        columns=(
            key(),
            ref("transaction", of="transactions", label=_("Transaction")),
            ref("customer", "customers", "{transaction.customer}", _("Customer")),
            ref("place", "places", "{transaction.place}", _("Site")),
            ref("product", of="products", label=_("Product"), also=_("item goods model")),
            text("kind", "{transaction.kind}", _("Kind")),
            instant("at", "{transaction.at}", _("When")),
            local_day("day", "{transaction.at}", "{transaction.place.time_zone}", _("Day"), _("The day where the site is.")),
            Column("quantity", Type.NUMBER, label=_("Quantity")),
            money("amount", label=_("Amount"), meaning=_("Below zero: a refund."), also=_("price paid unit price")),
            text("currency", "{transaction.currency}", _("Currency")),
        ),
        settled=("transaction.place",), only="{transaction.gone_at} IS NULL",
    ),
    FactTable(
        name="ownerships", model=Ownership, label=_("Ownership"),
        also=_("owner has car device warranty"),
        grain=_("One thing that a customer has or had"), time="since", customer="customer",
        columns=(
            key(),
            ref("customer", of="customers", label=_("Customer")),
            ref("product", of="products", label=_("Product")),
            ref("transaction", of="transactions", label=_("Transaction")),
            day("since", label=_("Since")),
            day("warranty_until", label=_("Warranty until"), also=_("guarantee expiry runs out")),
            day("ended_on", label=_("Ended")),
        ),
        only="{transaction.gone_at} IS NULL",
    ),
)  # fmt: skip
