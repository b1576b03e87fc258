from django.urls import path

from dangol.ui import notices, saved, saved_list, views
from dangol.ui.style import views as style

app_name = "ui"
urlpatterns = [
    path("find/", views.find, name="find"),
    path("language/", views.choose_language, name="language"),
    path("theme/", views.choose_theme, name="theme"),
    path("views/", saved_list.SavedViewList.as_view(), name="saved_views"),
    path("views/new/", saved.save_view, name="save_view"),
    path("views/removal/", saved_list.remove_views, name="remove_views"),
    path("views/<uuid:pk>/removal/", saved.remove_view, name="remove_view"),
    path("session/", views.session, name="session"),
    path("notices/", notices.notices, name="notices"),
    path("notices/reading/", notices.reading, name="notices_read"),
    path("notices/<uuid:pk>/", notices.opening, name="notice"),
    path("style/", style.guide, name="style"),
    path("style/wall/", style.wall, name="style_wall"),
    path("style/plain/", style.plain, name="style_plain"),
    path("style/part/", style.part, name="style_part"),
    path("style/deed/", style.deed, name="style_deed"),
]
