from django.urls import path

from dangol.sources import gone_site_views as gone
from dangol.sources import outgoing_views as outgoing
from dangol.sources import views
from dangol.sources import wizard_views as wizard
from dangol.sources.gone_site_views import GoneSiteList
from dangol.sources.lists import SourceList

app_name = "sources"
urlpatterns = [
    path("", SourceList.as_view(), name="list"),
    path("new/", wizard.new, name="new"),
    path("gone-sites/", GoneSiteList.as_view(), name="gone_sites"),
    path("gone-sites/closure/", gone.closure, name="close_gone_sites"),
    path("gone-sites/keeping/", gone.keeping, name="keep_gone_sites"),
    path("outgoing/", outgoing.SubscriberList.as_view(), name="subscribers"),
    path("outgoing/new/", outgoing.new, name="subscriber_new"),
    path("outgoing/<uuid:pk>/", outgoing.subscriber, name="subscriber"),
    path("outgoing/<uuid:pk>/end/", outgoing.end, name="subscriber_end"),
    path("outgoing/<uuid:pk>/enabling/", outgoing.enabling, name="subscriber_enabling"),
    path("outgoing/<uuid:pk>/<uuid:delivery>/", outgoing.resending, name="resending"),
    path("<uuid:pk>/", views.source, name="source"),
    path("<uuid:pk>/connection/", wizard.connection, name="connection"),
    path("<uuid:pk>/test/", wizard.test, name="test"),
    path("<uuid:pk>/place/", wizard.place, name="place"),
    path("<uuid:pk>/mapping/", wizard.mapping, name="mapping"),
    path("<uuid:pk>/trust/", wizard.trust, name="trust"),
    path("<uuid:pk>/schedule/", wizard.schedule, name="schedule"),
    path("<uuid:pk>/runs/", views.start, name="start"),
    path("<uuid:pk>/removal/", views.remove, name="remove"),
    path("<uuid:pk>/pause/", views.pause, name="pause"),
    path("<uuid:pk>/resumption/", views.resumption, name="resumption"),
    path("<uuid:pk>/runs/<uuid:run>/", views.run, name="run"),
    path("<uuid:pk>/runs/<uuid:run>/stop/", views.stop, name="stop"),
    path("<uuid:pk>/runs/<uuid:run>/permission/", views.allow, name="allow"),
    path("<uuid:pk>/runs/<uuid:run>/refused.csv", views.refused, name="refused"),
]
