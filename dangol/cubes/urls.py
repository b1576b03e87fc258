from django.urls import path

from dangol.cubes import views

app_name = "cubes"
urlpatterns = [
    path("", views.explorer, name="explorer"),
    path("choices/", views.choices, name="choices"),
    path("behind/", views.behind, name="behind"),
]
