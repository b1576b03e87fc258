"""Every address, in the order that a person meets them."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
]
