"""The list page: declared in a few lines, fast at any size."""

from dangol.ui.lists.columns import Column
from dangol.ui.lists.drawing import record_url
from dangol.ui.lists.filters import (
    BoolFilter,
    ChoiceFilter,
    DateRangeFilter,
    Filter,
    NumberFilter,
    TextFilter,
)
from dangol.ui.lists.page import BulkAction, ListPage, Order

__all__ = [
    "BoolFilter",
    "BulkAction",
    "ChoiceFilter",
    "Column",
    "DateRangeFilter",
    "Filter",
    "ListPage",
    "NumberFilter",
    "Order",
    "TextFilter",
    "record_url",
]
