from django.urls import include, path

urlpatterns = [
    path("", include("dangol.ui.urls")),
    path("accounts/", include("allauth.urls")),
]
