from django.urls import path

from dangol.surveys import designer, indexing, links, views
from dangol.surveys.lists import ResponseList

app_name = "surveys"
urlpatterns = [
    path("surveys/", designer.survey_list, name="list"),
    path("surveys/new/", designer.new, name="new"),
    path("surveys/index/<slug:process>/", indexing.index, name="index"),
    path("surveys/<uuid:pk>/", designer.design, name="design"),
    path("surveys/<uuid:pk>/draft/", designer.draft, name="draft"),
    path("surveys/<uuid:pk>/preview/", designer.preview, name="preview"),
    path("surveys/<uuid:pk>/publication/", designer.publication, name="publication"),
    path("surveys/<uuid:pk>/name/", designer.name, name="name"),
    path("surveys/<uuid:pk>/versions/", designer.versions, name="versions"),
    path("answers/", ResponseList.as_view(), name="responses"),
    path("answers/customer/<uuid:pk>/", views.customer_panel, name="customer_panel"),
    path("answers/<uuid:pk>/panel/", views.response_panel, name="response_panel"),
    path("answers/customer/<uuid:pk>/link/", views.customer_link, name="customer_link"),
    path("answers/<uuid:pk>/", views.response_page, name="response"),
    path("answers/<uuid:pk>/draft/", views.draft, name="response_draft"),
    path("answers/<uuid:pk>/completion/", views.completion, name="completion"),
    path("answers/<uuid:pk>/correction/", views.correction, name="correction"),
    path("answers/<uuid:pk>/withdrawal/", views.withdrawal, name="withdrawal"),
    path("answers/<uuid:pk>/link/", views.link, name="link"),
    path("s/<str:token>/", links.answer, name="answer"),
]
