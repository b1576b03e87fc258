from django.urls import path

from dangol.interactions import views
from dangol.interactions.lists import InteractionList

app_name = "interactions"
urlpatterns = [
    path("", InteractionList.as_view(), name="list"),
    path("customer/<uuid:pk>/", views.customer_panel, name="customer_panel"),
    path("<uuid:pk>/", views.interaction_page, name="interaction"),
    path("<uuid:pk>/note/", views.note, name="note"),
]
