"""The lists of transactions and of products."""

from __future__ import annotations

from django.db.models import Count, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from dangol.core.audit import record_access
from dangol.core.masking import shown_name
from dangol.core.money import shown_money
from dangol.customers.source_names import source_name
from dangol.places.filters import PlaceFilter
from dangol.purchases.models import Product, Transaction, TransactionKind
from dangol.purchases.queries import products, transactions_visible_to
from dangol.ui.lists import (
    BoolFilter,
    ChoiceFilter,
    Column,
    DateRangeFilter,
    ListPage,
    NumberFilter,
    TextFilter,
    record_url,
)


def gone_words(row: Transaction | None) -> str:
    """That the source no longer has a transaction; empty while it does."""
    if row is None or row.gone_at is None:
        return ""
    return _("no longer in %(source)s") % {"source": source_name(row.source)}


class TransactionList(ListPage):
    """Sales and visits that the person may see, the latest first."""

    key = "transactions"
    title = _("Purchases")
    ability = "purchases.see"
    columns = [
        Column("at", _("When"), sortable=True, dim=True),
        Column("customer", _("Customer"), value=lambda t: shown_name(t.customer.name), main=True),
        Column("kind", _("Kind"), value=lambda t: t.get_kind_display()),
        Column("what", _("Bought"), value=lambda t: t.what),
        Column("place", _("Site"), value=lambda t: t.place and str(t.place)),
        Column("staff_name", _("Staff"), dim=True),
        Column("amount", _("Amount"), value=lambda t: shown_money(t.amount, t.currency), number=True, sortable=True),
        Column("source_key", _("Number"), dim=True, shown=False),
        Column("source", _("Source"), dim=True, shown=False),
        Column("gone", _("State"), value=gone_words, dim=True, shown=False),
    ]  # fmt: skip
    filters = [
        ChoiceFilter("kind", _("Kind"), TransactionKind.choices),
        DateRangeFilter("at", _("When")),
        PlaceFilter("place", _("Place")),
        NumberFilter("amount", _("Amount")),
        TextFilter("source", _("Source")),
        BoolFilter("gone", _("State"), yes=_("in its source"), no=_("no longer in its source"), path="gone_at__isnull"),
    ]  # fmt: skip
    order = "-at"
    search = ("source_key__startswith", "customer__name__startswith")
    search_hint = _("Number or customer")
    export_ability = "customers.export"
    empty_title = _("No purchases yet")
    empty_text = _(
        "They come from a file (Imports) or by the API, each with its site and products."
    )

    def rows(self, request: HttpRequest) -> QuerySet[Transaction]:
        return transactions_visible_to(request.user).select_related("customer", "place")  # type: ignore[arg-type]

    def row_url(self, row: Model) -> str:
        return record_url("purchases:transaction", row.pk)

    def completed(self, rows: list[Transaction]) -> None:  # type: ignore[override]
        name_products(rows)

    def shown(self, request: HttpRequest, rows: list[Transaction]) -> None:  # type: ignore[override]
        record_access(request, "purchases", [row.customer_id for row in rows])


def name_products(rows: list[Transaction]) -> None:
    """Write beside each transaction what was bought: the first product and how many more."""
    from dangol.purchases.models import Line

    names: dict[object, list[str]] = {row.pk: [] for row in rows}
    lines = Line.objects.filter(transaction__in=rows).select_related("product").order_by("pk")
    for line in lines:
        names[line.transaction_id].append(str(line.product))
    for row in rows:
        first, *rest = names[row.pk] or [""]
        row.what = f"{first} +{len(rest)}" if rest else first  # type: ignore[attr-defined]


def indented(product: Product) -> str:
    """The name, moved in by its depth in the tree."""
    depth = product.depth  # type: ignore[attr-defined]
    return format_html('<span class="tree-{}">{}</span>', min(depth, 6), str(product))


class ProductList(ListPage):
    """The product tree as one list in its order."""

    key = "products"
    title = _("Products")
    ability = "purchases.see"
    columns = [
        Column("name", _("Name"), cell=indented, main=True),
        Column("code", _("Code"), sortable=True, dim=True),
        Column("name_en", _("English name"), dim=True),
        Column("sold", _("Sold"), number=True),
        Column("ended_on", _("Sold until"), sortable=True, dim=True),
    ]
    filters = [
        BoolFilter("ended_on", _("State"), yes=_("still sold"), no=_("no longer sold"), path="ended_on__isnull"),
    ]  # fmt: skip
    order = "lo"
    search = ("name", "code", "name_en")
    search_hint = _("Name or code")
    export_ability = "purchases.see"
    empty_title = _("No products yet")
    empty_text = _("Import the product tree: code, name, code of the product above.")
    page_template = "purchases/products.html"

    def rows(self, request: HttpRequest) -> QuerySet[Product]:
        from dangol.purchases.models import Line

        sold = (
            Line.objects.filter(product=OuterRef("pk")).order_by().values("product")
            .annotate(n=Count("pk")).values("n")
        )  # fmt: skip
        return products().annotate(sold=Coalesce(Subquery(sold), 0))

    def completed(self, rows: list[Product]) -> None:  # type: ignore[override]
        spans = list(
            Product.objects.filter(children__isnull=False).distinct().values_list("lo", "hi")
        )
        for row in rows:
            row.depth = sum(lo < row.lo and row.hi <= hi for lo, hi in spans)  # type: ignore[attr-defined]
