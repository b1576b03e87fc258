from django.urls import path

from dangol.imports import views
from dangol.imports.lists import ImportList

app_name = "imports"
urlpatterns = [
    path("", ImportList.as_view(), name="list"),
    path("new/", views.new, name="new"),
    path("<uuid:pk>/", views.import_page, name="import"),
    path("<uuid:pk>/columns/", views.columns, name="columns"),
    path("<uuid:pk>/layout/", views.layout, name="layout"),
    path("<uuid:pk>/plan/", views.plan, name="plan"),
    path("<uuid:pk>/load/", views.load, name="load"),
    path("<uuid:pk>/cancellation/", views.cancellation, name="cancellation"),
    path("<uuid:pk>/refused.csv", views.refused, name="refused"),
]
