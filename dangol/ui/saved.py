"""Saved views: a list as someone likes to see it."""

from django.db.models import Q
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from dangol.ui.models import SavedView


def views_of(user, list_key: str) -> list[SavedView]:
    """The views of a list that this person may open: their own and the shared ones."""
    mine = Q(user=user) | Q(shared=True)
    return list(SavedView.objects.filter(mine, list_key=list_key).order_by("created_at"))


@require_POST
def save_view(request):
    """Keep the list as it stands under a name; the same name is overwritten."""
    path = _list_path(request)
    name = request.POST.get("name", "").strip()[:60] or _("My view")
    query = QueryDict(request.POST.get("query", "")[:4000]).urlencode()
    SavedView.objects.update_or_create(
        user=request.user,
        list_key=request.POST.get("list_key", "")[:60],
        name=name,
        defaults={"query": query, "shared": request.POST.get("shared") == "on"},
    )
    return _go(request, f"{path}?{query}")


@require_POST
def remove_view(request, pk):
    """Forget a view of one's own."""
    get_object_or_404(SavedView, pk=pk, user=request.user).delete()
    return _go(request, _list_path(request))


def _go(request, url: str):
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def _list_path(request) -> str:
    path = request.POST.get("path", "").partition("?")[0]
    ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, {request.get_host()})
    return path if ours else "/"
