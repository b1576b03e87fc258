from django.urls import path

from dangol.cases import configuring, views
from dangol.cases.lists import CaseList

app_name = "cases"
urlpatterns = [
    path("", CaseList.as_view(), name="list"),
    path("new/", views.new, name="new"),
    path("rules/", configuring.rules, name="rules"),
    path("rules/<uuid:pk>/end/", configuring.rule_end, name="rule_end"),
    path("customer/<uuid:pk>/", views.customer_panel, name="customer_panel"),
    path("<uuid:pk>/", views.case_page, name="case"),
    path("<uuid:pk>/facts/", views.facts, name="facts"),
    path("<uuid:pk>/turn/", views.turn, name="turn"),
    path("<uuid:pk>/assignment/", views.assignment, name="assignment"),
    path("<uuid:pk>/site/", views.site, name="site"),
    path("<uuid:pk>/notes/", views.notes, name="notes"),
    path("<uuid:pk>/files/", views.files, name="files"),
    path("<uuid:pk>/files/<uuid:file_pk>/", views.file, name="file"),
    path("<uuid:pk>/resolution/", views.resolution, name="resolution"),
    path("<uuid:pk>/confirmation/", views.confirmation, name="confirmation"),
    path("<uuid:pk>/closure/", views.closure, name="closure"),
]
