"""Every address, in the order that a person meets them."""

from django.urls import URLPattern, URLResolver, include, path

from dangol.api import views as api
from dangol.api.assembly import api as v1
from dangol.config import home


def app(prefix: str, name: str) -> URLResolver:
    """An app's pages under their prefix."""
    return path(prefix, include(f"dangol.{name}.urls"))


handler404 = home.not_found
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("health/", home.health, name="health"),
    path("accounts/", include("allauth.urls")),
    app("", "ui"),
    app("desk/", "desk"),
    app("agents/", "contact_centre"),
    app("programmes/", "campaigns"),
    app("segments/", "segments"),
    app("customers/", "customers"),
    app("interactions/", "interactions"),
    app("matching/", "identity"),
    app("", "surveys"),
    app("cases/", "cases"),
    app("board/", "board"),
    app("cubes/", "cubes"),
    app("", "places"),
    app("imports/", "imports"),
    app("purchases/", "purchases"),
    app("sources/", "sources"),
    app("scores/", "scores"),
    app("quality/", "quality"),
    app("lake/", "warehouse"),
    path("api/v1/", v1.urls),
    path("developers/", api.description, name="api_description"),
    path("tokens/", api.tokens, name="tokens"),
    path("tokens/<uuid:pk>/revocation/", api.revoke, name="token_revoke"),
]
