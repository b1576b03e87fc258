from django.urls import path

from dangol.customers import choosing, freshness_page, relation_views, views
from dangol.customers.lists import CustomerList

app_name = "customers"
urlpatterns = [
    path("", CustomerList.as_view(), name="list"),
    path("new/", views.new, name="new"),
    path("found/", choosing.found, name="found"),
    path("freshness/", freshness_page.freshness, name="freshness"),
    path("<uuid:pk>/", views.customer_page, name="customer"),
    path("<uuid:pk>/timeline/", views.timeline, name="timeline"),
    path("<uuid:pk>/edit/", views.edit, name="edit"),
    path("<uuid:pk>/contact-points/", views.contact_points, name="contact_points"),
    path("<uuid:pk>/contact-points/<uuid:point_pk>/checks/", views.checks, name="checks"),
    path("<uuid:pk>/relations/", relation_views.add, name="relations"),
    path(
        "<uuid:pk>/relations/<uuid:relation_pk>/ending/",
        relation_views.ending,
        name="relation_end",
    ),
    path("<uuid:pk>/unmasking/", views.unmasking, name="unmasking"),
]
