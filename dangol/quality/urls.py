from django.urls import path

from dangol.quality import decay_page, exporting, measure_page, rate_page, task_views, views
from dangol.quality.lists import CheckList, PointList, RecordList, TaskList

app_name = "quality"
urlpatterns = [
    path("", views.summary, name="summary"),
    path("rates/", rate_page.rates, name="rates"),
    path("looks/", views.looks, name="looks"),
    path("rates/file/", exporting.rates_file, name="rates_file"),
    path("measures/file/", exporting.measures_file, name="measures_file"),
    path("checks/", CheckList.as_view(), name="checks"),
    path("decay/", decay_page.decay, name="decay"),
    path("points/", PointList.as_view(), name="points"),
    path("points/<uuid:pk>/task/", task_views.asking, name="task_ask"),
    path("customers/<uuid:pk>/", task_views.customer_panel, name="customer_panel"),
    path("measures/", measure_page.measures, name="measures"),
    path("records/", RecordList.as_view(), name="records"),
    path("tasks/", TaskList.as_view(), name="tasks"),
    path("tasks/<uuid:pk>/", task_views.task, name="task"),
    path("tasks/<uuid:pk>/closure/", task_views.closing, name="task_close"),
    path("tasks/<uuid:pk>/owner/", task_views.taking, name="task_take"),
    path("tasks/<uuid:pk>/owner/ending/", task_views.giving_back, name="task_give_back"),
    path("settings/", views.settings, name="settings"),
    path("definitions/", views.definitions, name="definitions"),
]
