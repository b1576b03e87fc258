from django.urls import path

from dangol.warehouse import views

app_name = "warehouse"
urlpatterns = [
    path("", views.lake, name="lake"),
    path("rebuilds/", views.rebuilds, name="rebuilds"),
    path("<slug:name>/", views.table, name="table"),
]
