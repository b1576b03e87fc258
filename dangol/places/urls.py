from django.urls import path

from dangol.places import choosing, people_views, views
from dangol.places.lists import AccessList, AuditList, PeopleList, PlaceList

app_name = "places"
urlpatterns = [
    path("places/", PlaceList.as_view(), name="list"),
    path("places/found/", choosing.found, name="found"),
    path("places/new/", views.edit, name="new"),
    path("places/calendars/", views.calendars, name="calendars"),
    path("places/calendars/new/", views.calendar, name="calendar_new"),
    path("places/calendars/<uuid:pk>/", views.calendar, name="calendar"),
    path("places/<uuid:pk>/", views.place, name="place"),
    path("places/<uuid:pk>/edit/", views.edit, name="edit"),
    path("places/<uuid:pk>/closure/", views.closure, name="closure"),
    path("places/<uuid:pk>/reopening/", views.reopening, name="reopening"),
    path("places/<uuid:pk>/exceptions/", views.exceptions, name="exceptions"),
    path("people/", PeopleList.as_view(), name="people"),
    path("people/new/", people_views.edit, name="person_new"),
    path("people/<uuid:pk>/", people_views.person, name="person"),
    path("people/<uuid:pk>/edit/", people_views.edit, name="person_edit"),
    path("people/<uuid:pk>/grants/", people_views.grants, name="grants"),
    path(
        "people/<uuid:pk>/grants/<uuid:grant_pk>/revocation/",
        people_views.revocation,
        name="revocation",
    ),
    path("people/<uuid:pk>/ending/", people_views.ending, name="ending"),
    path("people/<uuid:pk>/password/", people_views.password, name="password"),
    path("audit/", AuditList.as_view(), name="audit"),
    path("access/", AccessList.as_view(), name="access"),
]
