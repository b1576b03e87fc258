from django.urls import path

from dangol.customers import choosing, relation_views, views
from dangol.customers.attributes import views as attribute_views
from dangol.customers.lists import CustomerList

app_name = "customers"
urlpatterns = [
    path("", CustomerList.as_view(), name="list"),
    path("new/", views.new, name="new"),
    path("found/", choosing.found, name="found"),
    path("attributes/", attribute_views.own_attributes, name="own_attributes"),
    path("attributes/<slug:key>/", attribute_views.own_attribute, name="own_attribute"),
    path("attributes/<slug:key>/ending/", attribute_views.ending, name="own_attribute_end"),
    path(
        "attributes/<slug:key>/resumption/",
        attribute_views.resumption,
        name="own_attribute_resume",
    ),
    path("<uuid:pk>/attributes/", attribute_views.values, name="attributes"),
    path("<uuid:pk>/attributes/edit/", attribute_views.edit_values, name="attributes_edit"),
    path("<uuid:pk>/", views.customer_page, name="customer"),
    path("<uuid:pk>/timeline/", views.timeline, name="timeline"),
    path("<uuid:pk>/edit/", views.edit, name="edit"),
    path("<uuid:pk>/contact-points/", views.contact_points, name="contact_points"),
    path("<uuid:pk>/contact-points/<uuid:point_pk>/choosing/", views.choosing, name="choosing"),
    path("<uuid:pk>/contact-points/<uuid:point_pk>/checks/", views.checks, name="checks"),
    path("<uuid:pk>/relations/", relation_views.add, name="relations"),
    path(
        "<uuid:pk>/relations/<uuid:relation_pk>/ending/",
        relation_views.ending,
        name="relation_end",
    ),
    path("<uuid:pk>/unmasking/", views.unmasking, name="unmasking"),
]
