from django.urls import path
from django.views.i18n import set_language

from dangol.ui import saved, views

app_name = "ui"
urlpatterns = [
    path("style/", views.style, name="style"),
    path("style/wall/", views.wall, name="style_wall"),
    path("style/plain/", views.plain, name="style_plain"),
    path("style/part/", views.part, name="style_part"),
    path("style/list/", views.SampleList.as_view(), name="style_list"),
    path("find/", views.find, name="find"),
    path("language/", set_language, name="language"),
    path("views/", saved.save_view, name="save_view"),
    path("views/<uuid:pk>/removal/", saved.remove_view, name="remove_view"),
]
