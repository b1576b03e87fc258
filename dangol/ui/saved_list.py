"""My views: the list of lists, which is itself a list page."""

from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from dangol.ui.lists import BoolFilter, BulkAction, Column, DateRangeFilter, ListPage, TextFilter
from dangol.ui.models import SavedView


class SavedViewList(ListPage):
    """Every view that a person keeps, over all lists."""

    key = "saved-views"
    title = _("My views")
    columns = [
        Column("name", _("Name"), main=True, sortable=True),
        Column("list_key", _("List"), sortable=True, dim=True),
        Column("query", _("Asks for"), dim=True, shown=False),
        Column("shared", _("Shared"), sortable=True, value=lambda row: row.shared),
        Column("created_at", _("Made"), sortable=True),
    ]
    filters = [
        TextFilter("list_key", _("List")),
        BoolFilter("shared", _("Sharing"), yes=_("shared"), no=_("private")),
        DateRangeFilter("created_at", _("Made")),
    ]
    search = ("name",)
    search_hint = _("Find a view")
    actions = [BulkAction(_("Remove"), "ui:remove_views", "trash-2", danger=True)]
    export_ability = ""
    empty_title = _("No views yet")
    empty_text = _(
        "Filter any list as you like it and press “Save view”; it stands here and above that list."
    )

    def rows(self, request):
        return SavedView.objects.filter(user=request.user)


@require_POST
def remove_views(request):
    """Forget the chosen views."""
    SavedViewList.chosen(request).delete()
    return redirect("ui:saved_views")
