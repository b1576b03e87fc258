from django.urls import path

from dangol.board import views

app_name = "board"
urlpatterns = [
    path("", views.home, name="home"),
    path("<uuid:pk>/", views.board, name="board"),
    path("<uuid:pk>/tables/", views.tables, name="tables"),
    path("<uuid:pk>/side/", views.side, name="side"),
    path("<uuid:pk>/wall/", views.wall, name="wall"),
]
