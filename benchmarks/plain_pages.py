"""The peer of `pages`: the same lists as they are commonly written, on the same data.

Paginator with its COUNT(*) and OFFSET, `icontains` for the search, the same rows, columns and joins.
"""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path

from dangol.cases.queries import cases_visible_to
from dangol.customers.models import ContactPoint
from dangol.customers.queries import customers_visible_to

CUSTOMERS = """<!doctype html><title>Customers</title><p>{{ page.paginator.count }}</p><table>
{% for c in page %}<tr><td><a href="/customers/{{ c.pk }}/">{{ c.name }}</a>
<td>{% for p in c.points %}{{ p.kind }} {{ p.value }} {{ p.state }} {% endfor %}
<td>{{ c.home_place.name }}<td>{{ c.get_kind_display }}<td>{{ c.created_at }}{% endfor %}</table>
{% if page.has_next %}<a href="?page={{ page.next_page_number }}">Next</a>{% endif %}"""
CASES = """<!doctype html><title>Cases</title><p>{{ page.paginator.count }}</p><table>
{% for c in page %}<tr><td>#{{ c.number }}<td>{{ c.title }}<td>{{ c.customer.name }}<td>{{ c.place.name }}
<td>{{ c.category.name }}<td>{{ c.get_priority_display }}<td>{{ c.due_at }}<td>{{ c.opened_at }}{% endfor %}
</table>{% if page.has_next %}<a href="?page={{ page.next_page_number }}">Next</a>{% endif %}"""
ENGINE = Engine()


def shown(request: HttpRequest, rows: Any, template: str) -> HttpResponse:
    """One page of fifty."""
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return HttpResponse(ENGINE.from_string(template).render(Context({"page": page})))


def customers(request: HttpRequest) -> HttpResponse:
    """Customers, the newest first."""
    rows = customers_visible_to(request.user).order_by("-created_at")  # type: ignore[arg-type]
    if words := request.GET.get("q"):
        rows = rows.filter(Q(name__icontains=words) | Q(contact_points__value__icontains=words))
        rows = rows.distinct()
    points = Prefetch(
        "contact_points", ContactPoint.objects.filter(ended_at=None), to_attr="points"
    )
    return shown(request, rows.select_related("home_place").prefetch_related(points), CUSTOMERS)


def cases(request: HttpRequest) -> HttpResponse:
    """Open cases, the most urgent first."""
    rows: Any = cases_visible_to(request.user)  # type: ignore[arg-type]
    rows = rows.filter(closed_at=None, resolved_at=None).order_by("due_at")
    return shown(request, rows.select_related("customer", "place", "category"), CASES)


urlpatterns = [path("customers/", customers), path("cases/", cases)]
