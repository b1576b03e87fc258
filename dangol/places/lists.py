"""Lists of places, people and the audit trail."""

from __future__ import annotations

from django.db.models import Model, Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dangol.core.models import AccessEntry, AuditEntry, User
from dangol.core.roles import Role
from dangol.places.models import Grant, Kind, Place, SiteKind
from dangol.places.scope import places_visible_to
from dangol.places.trail import (
    name_rows,
    pages_by_word,
    shown_but_ids,
    told_changes,
    told_page,
    told_subject,
    told_verb,
    verbs_by_word,
)
from dangol.ui.lists import BoolFilter, ChoiceFilter, Column, DateRangeFilter, ListPage, TextFilter


class PlaceList(ListPage):
    """The tree as a list, in its own order."""

    key = "places"
    title = _("Places")
    ability = "places.see"
    columns = [
        Column("name", _("Name"), value=str, main=True),
        Column("code", _("Code"), sortable=True, dim=True),
        Column("kind", _("Level"), value=lambda p: p.get_kind_display()),
        Column("site_kind", _("Kind of site"), value=lambda p: p.get_site_kind_display()),
        Column("parent", _("Part of"), value=lambda p: p.parent and str(p.parent)),
        Column("address", _("Address"), dim=True),
        Column("phone", _("Phone"), dim=True, shown=False),
    ]
    filters = [
        ChoiceFilter("kind", _("Level"), Kind.choices),
        ChoiceFilter("site_kind", _("Kind of site"), SiteKind.choices),
        BoolFilter(
            "closed", _("State"), yes=_("closed"), no=pgettext_lazy("place", "open"),
            apply=lambda rows, value: rows.filter(closed_at__isnull=value == "0"),
        ),
    ]  # fmt: skip
    order = "lo"
    search = ("name", "code", "name_en")
    export_ability = "places.see"
    empty_title = _("No places yet")
    empty_text = _("Import a file of sites, or add the company and its regions by hand.")
    page_template = "places/list.html"

    def rows(self, request: HttpRequest) -> QuerySet[Place]:
        return places_visible_to(request.user).select_related("parent")

    def row_url(self, row: Model) -> str:
        return reverse("places:place", args=[row.pk])

    def extra(self, request: HttpRequest) -> dict:
        return {"may_edit": request.user.can("places.edit")}


class PeopleList(ListPage):
    """Who may sign in, and what they hold."""

    key = "people"
    title = _("People")
    ability = "people.see"
    columns = [
        Column("name", _("Name"), main=True, sortable=True),
        Column("email", _("E-mail"), sortable=True, dim=True),
        Column("roles", _("Roles"), value=lambda u: ", ".join(map(told_grant, u.held))),
        Column("is_active", _("May sign in")),
        Column("last_login", _("Last seen"), dim=True),
    ]
    filters = [
        ChoiceFilter(
            "role", _("Role"), Role.choices,
            apply=lambda rows, roles: rows.filter(
                pk__in=Grant.objects.filter(role__in=roles, revoked_at=None).values("user_id")
            ),
        ),
        BoolFilter("is_active", _("May sign in")),
    ]  # fmt: skip
    order = "name"
    search = ("name", "email")
    export_ability = "people.edit"
    page_template = "places/people.html"

    def rows(self, request: HttpRequest) -> QuerySet[User]:
        grants = Grant.objects.filter(revoked_at=None).select_related("place")
        return User.objects.prefetch_related(Prefetch("grants", grants, to_attr="held"))

    def row_url(self, row: Model) -> str:
        return reverse("places:person", args=[row.pk])

    def extra(self, request: HttpRequest) -> dict:
        return {"may_edit": request.user.can("people.edit")}


def told_grant(grant: Grant) -> str:
    """A role with its place."""
    return f"{Role(grant.role).label} · {grant.place}"


class AuditList(ListPage):
    """Who changed what."""

    key = "audit"
    title = _("Changes")
    ability = "audit.see"
    columns = [
        Column("created_at", _("When"), sortable=True),
        Column("by", _("Who"), value=lambda e: str(e.by or _("the system"))),
        Column("verb", _("What"), value=told_verb, main=True),
        Column("subject_type", _("Of"), value=told_subject, dim=True),
        Column("changes", _("Changes"), value=told_changes, dim=True),
        Column("reason", _("Reason"), value=lambda e: shown_but_ids(e.reason)),
    ]  # fmt: skip
    filters = [
        ChoiceFilter("verb", _("What"), verbs_by_word),
        TextFilter("by", _("Who"), path="by__name"),
        DateRangeFilter("created_at", _("When")),
    ]
    export_ability = "audit.see"

    def rows(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        return AuditEntry.objects.select_related("by")

    def completed(self, rows: list[AuditEntry]) -> None:  # type: ignore[override]
        name_rows(rows)


class AccessList(ListPage):
    """Who saw whose data."""

    key = "access"
    title = _("Access log")
    ability = "audit.see"
    columns = [
        Column("created_at", _("When"), sortable=True),
        Column("by", _("Who"), value=lambda e: str(e.by)),
        Column("what", _("Page"), value=lambda e: told_page(e.what), main=True),
        Column("subjects", _("Customers shown"), value=lambda e: len(e.subjects), number=True),
        Column("address", _("Network address"), dim=True),
        Column("reason", _("Reason"), value=lambda e: shown_but_ids(e.reason)),
    ]
    filters = [
        ChoiceFilter("what", _("Page"), pages_by_word),
        TextFilter("by", _("Who"), path="by__name"),
        DateRangeFilter("created_at", _("When")),
    ]
    export_ability = "audit.see"

    def rows(self, request: HttpRequest) -> QuerySet[AccessEntry]:
        return AccessEntry.objects.select_related("by")
