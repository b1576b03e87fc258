"""What a source of each entity can say: our columns, and which of them it cannot do without."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from dangol.customers.company_numbers import read_corporate
from dangol.imports.cells import moment
from dangol.imports.kinds import KINDS, Column, Kind, Refused
from dangol.sources.no_days import to_come

KIND_OF = {
    "person": "customers",
    "organisation": "customers",
    "transaction": "transactions",
    "product": "products",
    "site": "sites",
}
LEFT_OUT = {
    "kind", "province", "district", "street", "detail", "country", "registration", "corporate",
}  # fmt: skip
"""Of customers: the entity says the kind, an address is kept in one line, and organisations' numbers
are kept as they came (below): a slip in one is evidence for the matching."""


def last_change(cell: str) -> str:
    """An instant that has been: what is to come would be newer than all that follows."""
    found = moment(cell)
    if to_come(dt.date.fromisoformat(found[:10])):
        raise Refused(gettext_noop("“%(cell)s” lies in the future"), cell=cell[:40])
    return found


AS_OF = Column("as_of", _("Last change in the source"), last_change,
               aliases=("수정일", "수정일시", "변경일", "변경일시", "갱신일", "최종수정일", "updated_at", "modified_at", "last_modified"))  # fmt: skip


def corporate(cell: str) -> str:
    """The thirteen digits of a corporate number; a resident number is none."""
    found = read_corporate(cell)
    if not found:
        raise Refused(gettext_noop("is no corporate number"))
    return found


REGISTRATION = Column(
    "registration", _("Business registration number"), lambda cell: cell[:20],
    aliases=("사업자번호", "사업자등록번호", "business number", "brn"),
)  # fmt: skip


CORPORATE = Column(
    "corporate", _("Corporate number"), corporate, aliases=("법인번호", "법인등록번호", "corporate no", "crn"),
)  # fmt: skip
OWNER = Column(
    "owner", _("Representative"), lambda cell: cell[:60],
    aliases=("대표자", "대표자명", "대표", "대표이사", "representative name", "ceo"),
)  # fmt: skip
WEBSITE = Column(
    "website", _("Web page"), lambda cell: cell[:200], aliases=("홈페이지", "웹사이트", "homepage", "url", "web site"),
)  # fmt: skip
OF_ORGANISATIONS = (REGISTRATION, CORPORATE, OWNER, WEBSITE)


def of_customers(entity: str) -> bool:
    """Whether a source's rows are kept as records for the matching."""
    return entity in {"person", "organisation"}


@lru_cache(16)
def columns_of(entity: str) -> tuple[Column, ...]:
    """Our columns, the needed ones first where the kind has them so."""
    kind = kind_of(entity)
    if not of_customers(entity):
        return tuple(kind.columns)
    own = [column for column in kind.columns if column.name not in LEFT_OUT]
    return (*own, *(OF_ORGANISATIONS if entity == "organisation" else ()), AS_OF)


def kind_of(entity: str) -> Kind:
    """The kind of import whose columns and statements are used."""
    return KINDS[KIND_OF[entity]]


def needed(entity: str) -> set[str]:
    """The columns without which nothing can be read; every row has a key of its source."""
    return {"key"} | {column.name for column in columns_of(entity) if column.required}


def trusted_fields(entity: str) -> tuple[str, ...]:
    """The fields whose trust decides when sources differ."""
    fields = ("name", "phone", "email", "address", "born_on", "gender", "home", "tier")
    return fields if of_customers(entity) else ()
