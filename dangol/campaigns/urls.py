from django.urls import path

from dangol.campaigns import stage_views, views
from dangol.campaigns.lists import DecisionList, ProgrammeList, TargetList

app_name = "campaigns"
urlpatterns = [
    path("", ProgrammeList.as_view(), name="list"),
    path("new/", views.new, name="new"),
    path("customer/<uuid:pk>/", views.customer_panel, name="customer_panel"),
    path("due-calls/hand-over/", views.hand_over, name="hand_over"),
    path("due-calls/level/", views.level, name="level"),
    path("due-calls/drop/", views.drop, name="drop"),
    path("<uuid:pk>/", views.programme, name="programme"),
    path("<uuid:pk>/outcomes.json", views.outcomes, name="outcomes"),
    path("<uuid:pk>/rules/", views.change, name="change"),
    path("<uuid:pk>/pause/", views.pause, name="pause"),
    path("<uuid:pk>/resumption/", views.resumption, name="resumption"),
    path("<uuid:pk>/due-calls/", TargetList.as_view(), name="targets"),
    path("<uuid:pk>/decisions/", DecisionList.as_view(), name="decisions"),
    path("<uuid:pk>/stages/", stage_views.add, name="stage_add"),
    path("<uuid:pk>/stages/preview/", stage_views.preview, name="stage_preview"),
    path("<uuid:pk>/stages/<uuid:stage_pk>/", stage_views.change, name="stage"),
    path("<uuid:pk>/stages/<uuid:stage_pk>/end/", stage_views.end, name="stage_end"),
]
