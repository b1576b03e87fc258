"""Forms as a page shows them, filled in by somebody who means harm."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

TYPED = {"text", "search", "textarea", "password", ""}
HONEST = {
    "number": "1", "date": "2026-03-09", "datetime-local": "2026-03-09T10:00", "email": "a@b.example",
    "tel": "010-1234-5678", "checkbox": "on", "radio": "1", "time": "10:00", "url": "https://a.example/",
}  # fmt: skip


@dataclass
class Field:
    """A field with the value that the page gave it."""

    kind: str
    value: str = ""


@dataclass
class Form:
    """Where a form goes, and its fields by name."""

    address: str
    fields: dict[str, Field] = field(default_factory=dict)

    def filled(self, text: str, *, everywhere: bool) -> dict[str, str]:
        """With the text where people type; or in every field, whatever it asks for."""
        return {
            name: text if everywhere or f.kind in TYPED else f.value or HONEST.get(f.kind, "")
            for name, f in self.fields.items()
        }


class FormReader(HTMLParser):
    """Collects the forms that write."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.forms = address, list[Form]()
        self.open: Form | None = None
        self.select: Field | None = None

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in pairs}
        if tag == "form" and ("hx-post" in given or given.get("method", "").lower() == "post"):
            self.open = Form(given.get("hx-post") or given.get("action") or self.address)
            self.forms.append(self.open)
        elif tag == "option" and self.select and not self.select.value:
            self.select.value = given.get("value", "")
        elif self.open and (name := given.get("name")):
            kind = given.get("type", "") if tag == "input" else tag
            if tag in {"input", "textarea", "select"} and kind not in {"file", "submit"}:
                made = Field(kind, given.get("value", "") if kind in {"hidden", "radio"} else "")
                self.open.fields[name] = made
                self.select = made if tag == "select" else None

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = None


def forms_of(html: str, address: str) -> list[Form]:
    """The forms of a page that write something."""
    reader = FormReader(address)
    reader.feed(html)
    return reader.forms
