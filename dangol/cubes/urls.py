from django.urls import path

from dangol.cubes import kept_views, views

app_name = "cubes"
urlpatterns = [
    path("", views.explorer, name="explorer"),
    path("choices/", views.choices, name="choices"),
    path("file/", kept_views.file, name="file"),
    path("views/", kept_views.views, name="views"),
    path("views/new/", kept_views.save, name="save_view"),
    path("views/<uuid:pk>/", kept_views.view, name="view"),
    path("views/<uuid:pk>/ending/", kept_views.end, name="end_view"),
    path("views/<uuid:pk>/subscription/", kept_views.subscription, name="subscription"),
    path("behind/", views.behind, name="behind"),
]
