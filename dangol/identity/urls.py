from django.urls import path

from dangol.identity.pages import desk

app_name = "matching"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("questions/<uuid:pk>/", desk.question, name="question"),
    path("questions/<uuid:pk>/answers/", desk.answers, name="answers"),
    path("undoing/", desk.undoing, name="undoing"),
]
