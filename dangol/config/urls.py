"""Every address, in the order that a person meets them."""

from django.urls import include, path

from dangol.config import home

urlpatterns = [
    path("", home.home, name="home"),
    path("health/", home.health, name="health"),
    path("accounts/", include("allauth.urls")),
    path("", include("dangol.ui.urls")),
    path("", include("dangol.surveys.urls")),
    path("cases/", include("dangol.cases.urls")),
    path("board/", include("dangol.board.urls")),
]
