"""Products and transactions from files."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dangol.imports.cells import choice, code, currency, day, moment, number, text
from dangol.imports.kinds import Column, Kind, called, register
from dangol.purchases import loading, loading_products
from dangol.purchases.lookups import packed

KINDS = {
    "sale": "sale", "판매": "sale", "구매": "sale", "매출": "sale", "출고": "sale", "주문": "sale",
    "purchase": "sale", "order": "sale", "계약": "sale",
    "service": "service", "서비스": "service", "정비": "service", "수리": "service", "as": "service",
    "servicevisit": "service", "repair": "service", "정비서비스": "service", "입고": "service",
    "other": "other", "기타": "other",
}  # fmt: skip


def vehicle(cell: str) -> str:
    """12 가 3456 → 12가3456."""
    return text(packed(cell), 20)


def serial(cell: str) -> str:
    """A serial number in capitals without blanks."""
    return text(packed(cell), 40)


TRANSACTIONS = [
    Column("key", _("Transaction number"), called(code, most=100), required=True, help=_("Rows with the same number, one after the other, are lines of one transaction."),
           aliases=("거래번호", "주문번호", "계약번호", "전표번호", "정비번호", "접수번호", "판매번호", "transaction id", "order id", "order no", "invoice", "invoice no", "transaction")),
    Column("customer", _("Customer number"), called(code, most=100), required=True, help=_("As it was in the file of customers."),
           aliases=("고객번호", "고객ID", "고객코드", "회원번호", "customer id", "customer no", "custid", "customer")),
    Column("at", _("when"), moment, required=True,
           aliases=("거래일", "거래일시", "구매일", "판매일", "주문일", "일자", "날짜", "정비일", "출고일", "계약일", "date", "datetime", "time", "order date", "purchase date", "transaction date")),
    Column("site", _("Site"), called(text, most=100), help=_("Code or name of a site."),
           aliases=("사업장", "지점", "지점코드", "지점명", "점포", "매장", "서비스센터", "place", "store", "branch", "dealer", "site code")),
    Column("kind", _("kind"), called(choice, words=KINDS), aliases=("거래구분", "구분", "유형", "거래유형", "type", "transaction type")),
    Column("staff", _("staff"), called(text, most=60), aliases=("담당자", "영업사원", "정비사", "직원", "salesperson", "staff name", "advisor")),
    Column("amount", _("amount"), number, sql="numeric", help=_("Of the whole transaction; empty: the sum of its lines."),
           aliases=("금액", "거래금액", "총금액", "합계", "결제금액", "판매금액", "total", "total amount", "dollar_value", "price")),
    Column("currency", _("currency"), currency, aliases=("통화", "화폐", "ccy")),
    Column("note", _("note"), called(text, most=200), aliases=("비고", "메모", "memo", "remark")),
    Column("product", _("Product"), called(text, most=120), help=_("Code or name of a product."),
           aliases=("상품", "상품코드", "상품명", "제품", "제품코드", "제품명", "모델", "모델명", "차종", "item", "product code", "sku", "model")),
    Column("quantity", _("Quantity"), called(number, digits=9, places=3), sql="numeric", aliases=("수량", "개수", "qty", "number_of_cds", "units")),
    Column("line_amount", _("Amount of the line"), number, sql="numeric", aliases=("상품금액", "품목금액", "line total", "item amount")),
    Column("serial", _("serial number"), serial, aliases=("일련번호", "차대번호", "시리얼", "시리얼번호", "vin", "serial no")),
    Column("plate", _("plate"), vehicle, aliases=("차량번호", "번호판", "차번호", "license plate", "plate no")),
    Column("warranty", _("warranty until"), day, sql="date", aliases=("보증만료", "보증만료일", "보증기간", "warranty end")),
]  # fmt: skip

register(
    Kind(
        "transactions", _("Purchases and visits"), TRANSACTIONS, loading.judge, loading.store,
        order=40, icon="shopping-bag", grouped=True, finish=loading.finish,
        result_url="purchases:list",
        help=_("Sales and service visits with their lines, and what customers own since."),
        work=[
            ("customer_id", "uuid"), ("place_id", "uuid"), ("product_id", "uuid"),
            ("moment", "timestamptz"), ("day", "date"), ("head", "int"), ("first", "bool"), ("total", "numeric"),
        ],
    )
)  # fmt: skip

PRODUCTS = [
    Column("key", _("code"), called(code, most=60), required=True, aliases=("코드", "상품코드", "제품코드", "모델코드", "product code", "sku", "id")),
    Column("name", _("name"), called(text, most=120), required=True, aliases=("이름", "상품명", "제품명", "모델명", "product name", "product")),
    Column("name_en", _("English name"), called(text, most=120), aliases=("영문명", "영문이름", "english name")),
    Column("parent", _("Code of the product above"), called(code, most=60), aliases=("상위코드", "상위상품", "분류코드", "분류", "parent code", "category")),
    Column("ended_on", _("sold until"), day, sql="date", aliases=("단종일", "판매종료일", "end date", "discontinued")),
]  # fmt: skip

register(
    Kind(
        "products", _("Products"), PRODUCTS, loading_products.judge, loading_products.store,
        order=20, icon="package", batch_rows=50_000, result_url="purchases:products",
        help=_("The product tree: family, line, model."),
        work=[("parent_id", "uuid")],
    )
)  # fmt: skip
