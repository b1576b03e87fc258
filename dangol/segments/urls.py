from django.urls import path

from dangol.segments import choosing, list_views, live_views, views
from dangol.segments.lists import ChangedList, MemberList, SegmentList

app_name = "segments"
urlpatterns = [
    path("", SegmentList.as_view(), name="list"),
    path("new/", views.new, name="new"),
    path("count/", live_views.count, name="count"),
    path("profile/", live_views.profile_part, name="profile"),
    path("found/", choosing.found, name="found"),
    path("counting/", views.counting_now, name="counting"),
    path("refresh/", views.refresh, name="refresh"),
    path("customer/<uuid:pk>/", views.customer_panel, name="customer_panel"),
    path("lists/", list_views.UploadedLists.as_view(), name="lists"),
    path("lists/new/", list_views.upload, name="upload"),
    path("lists/<uuid:pk>/", list_views.uploaded, name="uploaded"),
    path("lists/<uuid:pk>/refusals.csv", list_views.refusals, name="refusals"),
    path("lists/<uuid:pk>/end/", list_views.end, name="list_end"),
    path("<uuid:pk>/", views.segment, name="segment"),
    path("<uuid:pk>/rule/", views.change, name="change"),
    path("<uuid:pk>/profile/", views.segment_profile, name="segment_profile"),
    path("<uuid:pk>/overlap/", views.overlap, name="overlap"),
    path("<uuid:pk>/versions/", views.comparison, name="comparison"),
    path("<uuid:pk>/sizes.json", views.sizes, name="sizes"),
    path("<uuid:pk>/members/", MemberList.as_view(), name="members"),
    path("<uuid:pk>/<str:way>/<str:day>/", ChangedList.as_view(), name="changed"),
    path("<uuid:pk>/end/", views.end, name="end"),
    path("<uuid:pk>/resumption/", views.resumption, name="resumption"),
]
