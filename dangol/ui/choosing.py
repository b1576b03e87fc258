"""Choosing one row of many: a field that is searched on the server, and plain text without scripts.

    class PlaceField(ChosenField):
        def written(self, row): return f"{row} · {row.code}"
        def read(self, text): …rows that the text may mean…

    place = PlaceField(Place.objects.none(), address="places:found")

With scripts the input offers what `address` answers to `?q=` (see `offer`); without them one types
what the field can read, such as a code.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _


class Sent(NamedTuple):
    """What a form sends: the words in the input, and the key of the row that was chosen."""

    text: str
    key: str


class Offered(NamedTuple):
    """One line of the list under the input."""

    key: object
    text: str
    title: str
    hint: str = ""


class Combobox(forms.TextInput):
    """An input with a list of what fits the words in it (WAI-ARIA combobox)."""

    choices: Any = ()

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "spellcheck": "false", **(attrs or {})})
        self.address = ""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> Any:
        """The input, the key of what is chosen, and the empty list."""
        context = self.get_context(name, getattr(value, "text", value), attrs)["widget"]
        context |= {"key": getattr(value, "key", ""), "address": self.address}
        return render_to_string("ui/parts/combobox.html", {"widget": context})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The words with the key beside them; one value alone is the words."""
        text = (data.get(name) or "").strip()
        key = data.get(f"{name}-key", "") if text else ""
        return Sent(text, key) if key else text or None

    def use_required_attribute(self, initial: Any) -> bool:
        """As any input."""
        return not self.is_hidden


class ChosenField(forms.ModelChoiceField):
    """One row of a queryset, found by words."""

    widget = Combobox

    def __init__(
        self,
        queryset: QuerySet | None,
        *,
        address: str = "",
        query: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(queryset, **more)
        if address:
            self.search(address, **(query or {}))

    def search(self, address: str, **query: str) -> None:
        """Where the list under the input comes from."""
        self.widget.address = f"{reverse(address)}?{urlencode(query)}"  # type: ignore[attr-defined]

    def written(self, row: Any) -> str:
        """How a row stands in the input."""
        return str(row)

    def read(self, text: str) -> Iterable[Any]:
        """The rows of the queryset that typed words may mean."""
        raise NotImplementedError

    def shown(self, value: Any) -> Any:
        """A row as words with its key."""
        return Sent(self.written(value), str(value.pk))

    def prepare_value(self, value: Any) -> Any:
        """What the input shows: the row of a key, else the words that were typed."""
        if isinstance(value, Model):
            return self.shown(value)
        if value in self.empty_values or isinstance(value, Sent):
            return value
        row = self.by_key(str(value))
        return self.shown(row) if row else value

    def by_key(self, key: str) -> Any:
        """The row of a key, None for anything else."""
        try:
            return self.queryset.filter(pk=uuid.UUID(key)).first()
        except ValueError:
            return None

    def to_python(self, value: Any) -> Any:
        """The row that is meant; words that mean none or several are refused in words."""
        if value in self.empty_values:
            return None
        sent = value if isinstance(value, Sent) else Sent(str(value), str(value))
        row = self.by_key(sent.key)
        if row is not None and sent.text in (self.written(row), sent.key):
            return row
        found = list(self.read(sent.text))[:2]
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(_("“%s” fits several. Choose one of the list.") % sent.text)
        raise ValidationError(_("Nothing fits “%s”. Choose one of the list.") % sent.text)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another row is meant."""
        before = str(getattr(initial, "pk", initial or ""))
        return before != (data.key if isinstance(data, Sent) else str(data or ""))


def offer(request: HttpRequest, lines: Iterable[Offered], words: str) -> HttpResponse:
    """The lines under the input."""
    return render(request, "ui/parts/offered.html", {"lines": list(lines), "words": words})
