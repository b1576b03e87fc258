from django.urls import path

from dangol.cubes.explorer import views as explorer
from dangol.cubes.goals import views as goals
from dangol.cubes.kept import views as kept
from dangol.cubes.watches import issue_views as issues
from dangol.cubes.watches import views as watches

app_name = "cubes"
urlpatterns = [
    path("", explorer.explorer, name="explorer"),
    path("choices/", explorer.choices, name="choices"),
    path("file/", kept.file, name="file"),
    path("views/", kept.views, name="views"),
    path("views/new/", kept.save, name="save_view"),
    path("views/<uuid:pk>/", kept.view, name="view"),
    path("views/<uuid:pk>/ending/", kept.end, name="end_view"),
    path("views/<uuid:pk>/subscription/", kept.subscription, name="subscription"),
    path("goals/", goals.goals, name="goals"),
    path("goals/new/", goals.goal_new, name="goal_new"),
    path("goals/<uuid:pk>/", goals.goal_change, name="goal"),
    path("goals/<uuid:pk>/ending/", goals.goal_end, name="goal_end"),
    path("issues/", issues.issues, name="issues"),
    path("issues/<uuid:pk>/", issues.issue, name="issue"),
    path("issues/<uuid:pk>/taking/", issues.issue_take, name="issue_take"),
    path("issues/<uuid:pk>/closure/", issues.issue_close, name="issue_close"),
    path("watches/new/", watches.watch_new, name="watch_new"),
    path("watches/<uuid:pk>/", watches.watch_change, name="watch"),
    path("watches/<uuid:pk>/ending/", watches.watch_end, name="watch_end"),
    path("behind/", explorer.behind, name="behind"),
]
