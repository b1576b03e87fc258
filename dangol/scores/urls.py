from django.urls import path

from dangol.scores import return_views, views
from dangol.scores.lists import ScoreList, SideList
from dangol.scores.voice.said import said

app_name = "scores"
urlpatterns = [
    path("", views.models, name="models"),
    path("customers/", ScoreList.as_view(), name="customers"),
    path("customer/<uuid:pk>/", views.customer_panel, name="customer_panel"),
    path("returns/", return_views.uses, name="uses"),
    path("returns/<uuid:pk>/", return_views.use, name="use"),
    path("returns/<uuid:pk>/customers/<slug:side>/", SideList.as_view(), name="side"),
    path("returns/<uuid:pk>/outcomes/", return_views.outcomes, name="outcomes"),
    path("returns/<uuid:pk>/ending/", return_views.ending, name="use_ending"),
    path("returns/<uuid:pk>/resumption/", return_views.resumption, name="use_resumption"),
    path("segment/<uuid:pk>/", return_views.segment_panel, name="segment_panel"),
    path("segment/<uuid:pk>/uses/", return_views.begin_for_segment, name="begin_for_segment"),
    path("voice/texts/", said, name="said"),
    path("<slug:key>/", views.model, name="model"),
    path("<slug:key>/runs/", views.runs, name="runs"),
    path("<slug:key>/champion/", views.champion, name="champion"),
    path("<slug:key>/uses/", return_views.begin, name="begin_use"),
    path("<slug:key>/settings/", views.settings, name="settings"),
]
