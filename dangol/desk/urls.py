from django.urls import path

from dangol.desk import corrections, views

app_name = "desk"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("state/", views.state, name="state"),
    path("next/", views.next_call, name="next"),
    path("auto-dial/", views.auto_dial, name="auto_dial"),
    path("call/", views.call, name="call"),
    path("call/pulse/", views.pulse, name="pulse"),
    path("call/hold/", views.hold, name="hold"),
    path("call/resumption/", views.resumption, name="resumption"),
    path("call/transfer/", views.transfer, name="transfer"),
    path("call/end/", views.end, name="end"),
    path("draft/", views.draft, name="draft"),
    path("contact-points/", corrections.contact_points, name="contact_points"),
    path("contact-points/<uuid:pk>/check/", corrections.check, name="check"),
    path("return/", views.giving_back, name="give_back"),
    path("finish/<uuid:pk>/", views.finish, name="finish"),
]
