"""What people fill in on the way of a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dangol.imports.kinds import Kind, heading_of, kinds
from dangol.imports.reading import ENCODINGS, Layout

ENCODING_NAMES = {
    "utf-8": "UTF-8", "cp949": _("Korean (CP949, EUC-KR)"), "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE", "utf-16-be": "UTF-16 BE", "cp1252": _("Western (Windows-1252)"),
    "shift_jis": _("Japanese (Shift JIS)"),
}  # fmt: skip
SEPARATOR_NAMES = {
    ",": _("Comma ,"),
    ";": _("Semicolon ;"),
    "\t": _("Tabulator"),
    "|": _("Vertical bar |"),
}


class UploadForm(forms.Form):
    """The file, what it holds and where it comes from."""

    kind = forms.ChoiceField(label=_("What the file holds"), widget=forms.RadioSelect)
    source = forms.CharField(
        label=_("Where it comes from"), max_length=40,
        help_text=_("A short name such as crm or dms. Rows are known again by it and their number."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        help_text=_("CSV or XLSX, up to 2 GB."),
    )

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.fields["kind"].choices = [(kind.key, kind.label) for kind in kinds()]  # type: ignore[attr-defined]


class LayoutForm(forms.Form):
    """How the file is read."""

    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    encoding = forms.ChoiceField(
        label=_("Encoding"), choices=[(e, ENCODING_NAMES[e]) for e in ENCODINGS], required=False
    )
    separator = forms.ChoiceField(
        label=_("Separator"), choices=list(SEPARATOR_NAMES.items()), required=False
    )
    header = forms.IntegerField(
        label=_("Row of the headings"), min_value=0, max_value=50, help_text=_("0: there are none")
    )

    def __init__(self, layout: Layout, *args: Any, **settings: Any) -> None:
        super().__init__(*args, initial=layout.stored(), **settings)
        if layout.sheets is None:
            del self.fields["sheet"]
        else:
            del self.fields["encoding"], self.fields["separator"]
            self.fields["sheet"].choices = [(name, name) for name in layout.sheets]  # type: ignore[attr-defined]

    def asked(self, layout: Layout) -> dict[str, Any]:
        """The layout as a person wants it."""
        given = {name: value for name, value in self.cleaned_data.items() if value != ""}
        known = {name: getattr(layout, name) for name in ("encoding", "separator", "header")}
        return known | given


class MappingForm(forms.Form):
    """For each thing a row can say: the heading that holds it, or one value for all rows."""

    def __init__(self, kind: Kind, names: list[str], mapping: dict[str, Any], *args: Any) -> None:
        super().__init__(*args)
        kind = kind.under({})
        choices = [("", "–"), *((name, name) for name in names)]
        for column in kind.columns:
            chosen = mapping.get(column.name)
            fixed = chosen.get("value", "") if isinstance(chosen, dict) else ""
            self.fields[column.name] = forms.ChoiceField(
                label=column.label, choices=choices, required=False, help_text=column.help,
                initial=heading_of(chosen),
            )  # fmt: skip
            self.fields[f"fixed-{column.name}"] = forms.CharField(
                label=_("Value for all rows"), required=False, initial=fixed, max_length=200
            )
        self.kind = kind

    @property
    def mapping(self) -> dict[str, Any]:
        """What was chosen."""
        found: dict[str, Any] = {}
        for column in self.kind.columns:
            if heading := self.cleaned_data.get(column.name):
                found[column.name] = heading
            elif value := self.cleaned_data.get(f"fixed-{column.name}", "").strip():
                found[column.name] = {"value": value}
        return found


class OwnColumnsForm(forms.Form):
    """For each heading that means nothing yet: leave it out, or the kind and name of a new column."""

    def __init__(self, kind: Kind, names: list[str], mapping: dict[str, Any], *args: Any) -> None:
        super().__init__(*args)
        self.names = names if kind.own else []
        made = {heading_of(said): said["new"] for said in mapping.values() if is_new(said)}
        choices = [("", _("Leave out")), *(kind.own.kinds if kind.own else [])]
        for at, name in enumerate(self.names):
            new = made.get(name, {})
            self.fields[f"own-{at}"] = forms.ChoiceField(
                label=name, choices=choices, required=False, initial=new.get("kind", "")
            )
            self.fields[f"own-{at}-name"] = forms.CharField(
                label=_("Its name"), required=False, max_length=80, initial=new.get("name", name)
            )

    @property
    def wanted(self) -> dict[str, tuple[str, str]]:
        """{heading: (kind, name)} of the headings that are to become columns of their own."""
        found = {}
        for at, name in enumerate(self.names):
            if kind := self.cleaned_data.get(f"own-{at}"):
                found[name] = (kind, self.cleaned_data.get(f"own-{at}-name", ""))
        return found


def is_new(said: Any) -> bool:
    """Whether a mapping makes a column."""
    return isinstance(said, dict) and bool(said.get("new"))
