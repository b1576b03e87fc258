"""The list of conversations, newest first."""

from __future__ import annotations

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from dangol.core.audit import record_access
from dangol.core.masking import shown_name, shown_words
from dangol.interactions.models import Channel, Interaction, Outcome
from dangol.interactions.queries import interactions_visible_to
from dangol.places.filters import PlaceFilter
from dangol.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, TextFilter, record_url

OUTCOME_MEANINGS = {
    Outcome.DONE: "good", Outcome.CALL_BACK: "info", Outcome.REFUSED: "watch",
    Outcome.WRONG_NUMBER: "bad", Outcome.MOVED: "bad", Outcome.FAILED: "bad",
}  # fmt: skip


def talked(row: Interaction) -> str | None:
    """How long they spoke, m:ss."""
    if row.answered_at is None or row.ended_at is None:
        return None
    minutes, seconds = divmod(round((row.ended_at - row.answered_at).total_seconds()), 60)
    return f"{minutes}:{seconds:02}"


class InteractionList(ListPage):
    """Conversations that the person may see."""

    key = "interactions"
    title = _("Conversations")
    ability = "interactions.see"
    columns = [
        Column("customer", _("Customer"), value=lambda i: shown_name(i.customer.name), main=True),
        Column("channel", _("Channel"), value=lambda i: i.get_channel_display()),
        Column("outcome", _("Outcome"), meanings=OUTCOME_MEANINGS),
        Column("agent", _("Agent"), value=lambda i: i.agent and str(i.agent)),
        Column("place", _("Site"), value=lambda i: i.place and str(i.place), dim=True),
        Column("note", _("Note"), value=lambda i: shown_words(i.note)[:60], dim=True),
        Column("talk", _("Talk"), value=talked, number=True),
        Column("queued_at", _("When"), sortable=True, dim=True),
    ]
    filters = [
        ChoiceFilter("outcome", _("Outcome"), Outcome.choices),
        ChoiceFilter("channel", _("Channel"), Channel.choices),
        TextFilter("agent", _("Agent"), path="agent__name"),
        PlaceFilter("place", _("Place")),
        DateRangeFilter("queued_at", _("When")),
    ]
    order = "-queued_at"
    search = ("customer__name__startswith",)
    search_hint = _("Customer")
    export_ability = "customers.export"
    empty_title = _("No conversations yet")
    empty_text = _("Each call made at the desk stands here, with its moments and what came of it.")

    def rows(self, request: HttpRequest) -> QuerySet[Interaction]:
        return interactions_visible_to(request.user)  # type: ignore[arg-type]

    def row_url(self, row: Model) -> str:
        return record_url("interactions:interaction", row.pk)

    def shown(self, request: HttpRequest, rows: list[Interaction]) -> None:  # type: ignore[override]
        record_access(request, "conversations", [row.customer_id for row in rows])
