"""What people fill in to connect a source."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from dangol.imports.kinds import Column
from dangol.imports.mapping import plain_heading
from dangol.sources.connecting.rest import PAGES
from dangol.sources.entities import columns_of, needed, trusted_fields
from dangol.sources.models import Entity, Source
from dangol.sources.transforming import STEPS

HIDDEN_FIELDS = {"hidden"}
PAGING = {
    "page": _("by page number"), "offset": _("by rows before it"), "cursor": _("by a token in the answer"),
    "link": _("by an address in the answer"), "none": _("all at once"),
}  # fmt: skip


def text(label: Any, *, required: bool = False, help: Any = "", initial: Any = "", secret: bool = False) -> forms.CharField:  # fmt: skip
    """A line of text."""
    widget = (
        forms.PasswordInput(attrs={"autocomplete": "new-password"}) if secret else forms.TextInput()
    )
    return forms.CharField(label=label, required=required, help_text=help, initial=initial, max_length=500, widget=widget)  # fmt: skip


def database_fields(port: str) -> dict[str, forms.Field]:
    """How a database server is reached."""
    return {
        "host": text(_("Host"), help=_("Name or address of the server.")),
        "port": text(_("Port"), initial=port),
        "socket": text(_("Socket"), help=_("Folder or file of the socket, where the server is on this machine.")),
        "database": text(_("Database"), required=True),
        "schema": text(_("Schema")),
        "user": text(_("User"), required=True, help=_("One that may only read is enough.")),
        "hidden": text(_("Password"), secret=True, help=_("Kept encrypted.")),
    }  # fmt: skip


def fields_of(connection: str) -> dict[str, forms.Field]:
    """What is asked for each kind of connection."""
    match connection:
        case "folder":
            return {
                "folder": text(_("Folder"), help=_("Below the inbox of the server; empty: the inbox itself.")),
                "sheet": text(_("Sheet"), help=_("Of workbooks; empty: the first.")),
            }  # fmt: skip
        case "postgresql":
            return database_fields("5432")
        case "mariadb":
            return database_fields("3306")
        case "database":
            return {
                "hidden": text(_("SQLAlchemy address"), required=True, secret=True, help=_("Such as mssql+pyodbc://… or oracle://…; kept encrypted.")),
                "schema": text(_("Schema")),
            }  # fmt: skip
    return {
        "url": text(_("Address"), required=True, help=_("Where the endpoint begins, as in https://erp.example.com/api.")),
        "paths": text(_("Paths"), required=True, help=_("Lists that it has, with blanks between: customers orders")),
        "items": text(_("Where the list lies in the answer"), help=_("As in data.items; empty: the answer is the list.")),
        "paging": forms.ChoiceField(label=_("Next page"), choices=[(name, PAGING[name]) for name in PAGES]),
        "page_parameter": text(_("Parameter of the page"), initial="page"),
        "size_parameter": text(_("Parameter of the size"), initial="size"),
        "size": text(_("Rows of a page"), initial="200"),
        "next": text(_("Where the next token or address lies"), initial="next"),
        "since_parameter": text(_("Parameter of “newer than”"), help=_("Empty: everything is read each time.")),
        "header": text(_("Header of the token"), initial="Authorization"),
        "hidden": text(_("Token"), secret=True, help=_("As it is sent, for example: Bearer abc…. Kept encrypted.")),
    }  # fmt: skip


class ConnectForm(forms.Form):
    """A new source: its name, what it holds, how it is reached."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("As your people call it, such as 매장 POS.")
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Short and for ever, such as pos. Small letters, digits, - and _."),
    )
    system = forms.CharField(
        label=_("System"),
        max_length=40,
        required=False,
        help_text=_("Sources of one system share their customer numbers. Empty: the code."),
    )
    entity = forms.ChoiceField(label=_("What it holds"), choices=Entity.choices)  # fmt: skip

    def __init__(self, connection: str, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.own = fields_of(connection)
        self.fields.update(self.own)

    @property
    def reach(self) -> dict[str, Any]:
        """How it is reached, without what is hidden."""
        return {name: self.cleaned_data[name] for name in self.own if name not in HIDDEN_FIELDS and self.cleaned_data[name] != ""}  # fmt: skip

    @property
    def hidden(self) -> str:
        """The password or token."""
        return str(self.cleaned_data.get("hidden", ""))


class ReachForm(ConnectForm):
    """Another way to reach a source that exists; an empty secret stays as it is."""

    def __init__(self, source: Source, *args: Any) -> None:
        super().__init__(source.connection, *args, initial={"name": source.name, **source.reach})
        for name in ("code", "system", "entity"):
            del self.fields[name]
        if "hidden" in self.fields:
            self.fields["hidden"].required = False
            self.fields["hidden"].help_text = _(
                "Empty: as it is. For another server, user or address it is given again."
            )


class MappingForm(forms.Form):
    """For each of our columns: headings, what is done to them, or one value for all rows."""

    def __init__(self, source: Source, *args: Any) -> None:
        super().__init__(*args)
        self.source = source
        self.columns = columns_of(source.entity)
        headings = [("", "–"), *((name, name) for name in source.columns)]
        steps = [("", "–"), *((step.name, step.label) for step in STEPS.values())]
        known = source.mapping or guessed(source)
        for column in self.columns:
            said = known.get(column.name, {})
            frm, do = [*said.get("from", []), "", ""], (said.get("do") or [["", ""]])[0]
            name = column.name
            self.fields[f"{name}-1"] = forms.ChoiceField(
                label=column.label, choices=headings, required=False, initial=frm[0]
            )
            self.fields[f"{name}-2"] = forms.ChoiceField(
                label=_("and"), choices=headings, required=False, initial=frm[1],
                widget=forms.Select(attrs={"aria-label": f"{column.label}: {_('and')}"}),
            )  # fmt: skip

            self.fields[f"{name}-do"] = forms.ChoiceField(
                label=_("Transformation"), choices=steps, required=False, initial=do[0],
                widget=forms.Select(attrs={"aria-label": f"{column.label}: {_('Transformation')}"}),
            )  # fmt: skip
            self.fields[f"{name}-how"] = forms.CharField(
                label=_("Setting"),
                required=False,
                max_length=300,
                initial=do[1] if len(do) > 1 else "",
            )
            self.fields[f"{name}-value"] = forms.CharField(label=_("Value if empty"), required=False, max_length=200, initial=said.get("value", ""))  # fmt: skip

    def lines(self) -> list[dict[str, Any]]:
        """The fields of each column together."""
        must = needed(self.source.entity)
        return [
            {
                "column": column, "needed": column.name in must,
                **{part: self[f"{column.name}-{field}"] for part, field in
                   (("one", "1"), ("two", "2"), ("do", "do"), ("how", "how"), ("value", "value"))},
            }
            for column in self.columns
        ]  # fmt: skip

    @property
    def mapping(self) -> dict[str, Any]:
        """What was chosen."""
        found, data = {}, self.cleaned_data
        for column in self.columns:
            name = column.name
            headings = [h for h in (data.get(f"{name}-1"), data.get(f"{name}-2")) if h]
            step = data.get(f"{name}-do")
            if headings or data.get(f"{name}-value"):
                found[name] = {
                    "from": headings, "value": data.get(f"{name}-value", ""),
                    "do": [[step, data.get(f"{name}-how", "")]] if step else [],
                }  # fmt: skip
        return found


def guessed(source: Source) -> dict[str, Any]:
    """A mapping by the headings, for a source that has none yet."""
    used: set[str] = set()
    found: dict[str, Any] = {}
    for column in columns_of(source.entity):
        heading = next((h for h in source.columns if h not in used and fits(h, column)), None)
        if heading:
            used.add(heading)
            do = [["date", "ymd"]] if column.name in {"born_on", "at", "as_of"} else []
            found[column.name] = {"from": [heading], "value": "", "do": do}
    if "address" in found and "postcode" not in found:
        both = found["address"]["from"]
        found["postcode"] = {"from": both, "value": "", "do": [["postcode", ""]]}
        found["address"]["do"] = [["address", ""]]
    return found


def fits(heading: str, column: Column) -> bool:
    """Whether a heading means a column, also as 고객_번호 or cust_no."""
    return plain_heading(heading) in column.known_as


class TrustForm(forms.Form):
    """How far a source is trusted, field by field."""

    def __init__(self, source: Source, *args: Any) -> None:
        super().__init__(*args)
        labels = {column.name: column.label for column in columns_of(source.entity)}
        self.names = trusted_fields(source.entity)
        for name in self.names:
            self.fields[name] = forms.IntegerField(
                label=capfirst(labels[name]), min_value=0, max_value=100, initial=source.trust.get(name, 50),
                widget=forms.NumberInput(attrs={"step": 5}),
            )  # fmt: skip

    @property
    def trust(self) -> dict[str, int]:
        """The ranks."""
        return {name: self.cleaned_data[name] for name in self.names}


class ScheduleForm(forms.Form):
    """When and how a source is read."""

    often = forms.ChoiceField(
        label=_("How often"),
        choices=[
            ("", _("By hand only")),
            ("*/5 * * * *", _("Every 5 minutes")),
            ("*/15 * * * *", _("Every 15 minutes")),
            ("0 * * * *", _("Every hour")),
            ("day", _("Every day")),
            ("cron", _("By a cron line")),
        ],
        required=False,
    )
    at = forms.TimeField(
        label=_("Time of day"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    cron = forms.CharField(
        label=_("Cron line"),
        required=False,
        max_length=60,
        help_text=_("Minute, hour, day, month, weekday, as in 30 2 * * 1-5."),
    )
    full = forms.ChoiceField(
        label=_("What is read"),
        choices=[
            ("1", _("Everything, so that deleted rows are seen")),
            ("", _("Only what is newer than last time")),
        ],
        required=False,
    )
    watermark_column = forms.ChoiceField(label=_("Column that grows with every change"), required=False)  # fmt: skip

    def __init__(self, source: Source, *args: Any) -> None:
        cron = source.schedule
        initial: dict[str, Any] = {
            "full": "1" if source.full else "",
            "watermark_column": source.watermark_column,
        }
        parts = cron.split()
        simple = [value for value, _label in self.base_fields["often"].choices]  # type: ignore[attr-defined]
        if cron in simple:
            initial["often"] = cron
        elif (
            len(parts) == 5 and parts[0].isdigit() and parts[1].isdigit() and parts[2:] == ["*"] * 3
        ):
            initial |= {"often": "day", "at": f"{int(parts[1]):02}:{int(parts[0]):02}"}
        else:
            initial |= {"often": "cron", "cron": cron}
        if not source.ready_at:
            initial |= {"often": "day", "at": "02:00", "cron": ""}
        super().__init__(*args, initial=initial)
        self.fields["watermark_column"].choices = [
            ("", "–"),
            *((name, name) for name in source.columns),
        ]  # type: ignore[attr-defined]

    @property
    def schedule(self) -> str:
        """The cron line."""
        often, at = self.cleaned_data["often"], self.cleaned_data.get("at")
        if often == "day":
            return f"{at.minute} {at.hour} * * *" if at else "0 2 * * *"
        return str(self.cleaned_data["cron"] if often == "cron" else often)
