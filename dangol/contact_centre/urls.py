from django.urls import path

from dangol.contact_centre import views

app_name = "contact_centre"
urlpatterns = [
    path("", views.agents, name="agents"),
    path("<uuid:pk>/state/", views.agent_state, name="agent_state"),
]
