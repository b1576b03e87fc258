"""Every address, in the order that a person meets them."""

from django.urls import include, path

from dangol.config import home

urlpatterns = [
    path("", home.home, name="home"),
    path("health/", home.health, name="health"),
    path("accounts/", include("allauth.urls")),
    path("", include("dangol.ui.urls")),
    path("desk/", include("dangol.desk.urls")),
    path("interactions/", include("dangol.interactions.urls")),
    path("agents/", include("dangol.contact_centre.urls")),
    path("programmes/", include("dangol.campaigns.urls")),
    path("cases/", include("dangol.cases.urls")),
]
