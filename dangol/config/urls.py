"""Every address, in the order that a person meets them."""

from django.urls import include, path

from dangol.api import views as api
from dangol.api.assembly import api as v1
from dangol.config import home

urlpatterns = [
    path("", home.home, name="home"),
    path("health/", home.health, name="health"),
    path("accounts/", include("allauth.urls")),
    path("", include("dangol.ui.urls")),
    path("api/v1/", v1.urls),
    path("developers/", api.description, name="api_description"),
    path("tokens/", api.tokens, name="tokens"),
    path("tokens/<uuid:pk>/revocation/", api.revoke, name="token_revoke"),
    path("imports/", include("dangol.imports.urls")),
    path("cases/", include("dangol.cases.urls")),
]
