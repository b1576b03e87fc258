from django.urls import path

from dangol.identity.pages import audits, desk, merging, panels, questions, runs, splitting

app_name = "matching"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("questions/", questions.QuestionList.as_view(), name="questions"),
    path("questions/<uuid:pk>/", desk.question, name="question"),
    path("questions/<uuid:pk>/answers/", desk.answers, name="answers"),
    path("questions/<uuid:pk>/correction/", desk.corrections, name="correction"),
    path("undoing/", desk.undoing, name="undoing"),
    path("customers/<uuid:pk>/golden/", panels.golden, name="golden"),
    path("customers/<uuid:pk>/records/", panels.records, name="records"),
    path("customers/<uuid:pk>/split/", splitting.split_new, name="split_new"),
    path("merges/", merging.MergeList.as_view(), name="merges"),
    path("merges/undoing/", merging.merges_undoing, name="merges_undoing"),
    path("merges/new/", merging.merge_new, name="merge_new"),
    path("merges/<uuid:pk>/", merging.merge, name="merge"),
    path("merges/<uuid:pk>/undoing/", merging.merge_undoing, name="merge_undoing"),
    path("splits/", splitting.SplitList.as_view(), name="splits"),
    path("splits/undoing/", splitting.splits_undoing, name="splits_undoing"),
    path("splits/<uuid:pk>/", splitting.split, name="split"),
    path("splits/<uuid:pk>/undoing/", splitting.split_undoing, name="split_undoing"),
    path("quality/", audits.audits, name="audits"),
    path("quality/draws/", audits.draws, name="draws"),
    path("quality/thresholds/", audits.thresholds, name="thresholds"),
    path("runs/", runs.RunList.as_view(), name="runs"),
    path("runs/new/", runs.run_new, name="run_new"),
    path("runs/<uuid:pk>/", runs.run, name="run"),
    path("models/", runs.models, name="models"),
    path("models/costs/", runs.costs, name="costs"),
]
