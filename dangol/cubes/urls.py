from django.urls import path

from dangol.cubes import kept_views, standing_views, views

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
    path("goals/", standing_views.goals, name="goals"),
    path("goals/new/", standing_views.goal_new, name="goal_new"),
    path("goals/<uuid:pk>/", standing_views.goal_change, name="goal"),
    path("goals/<uuid:pk>/ending/", standing_views.goal_end, name="goal_end"),
    path("issues/", standing_views.issues, name="issues"),
    path("issues/<uuid:pk>/", standing_views.issue, name="issue"),
    path("issues/<uuid:pk>/taking/", standing_views.issue_take, name="issue_take"),
    path("issues/<uuid:pk>/closure/", standing_views.issue_close, name="issue_close"),
    path("watches/new/", standing_views.watch_new, name="watch_new"),
    path("watches/<uuid:pk>/", standing_views.watch_change, name="watch"),
    path("watches/<uuid:pk>/ending/", standing_views.watch_end, name="watch_end"),
    path("behind/", views.behind, name="behind"),
]
