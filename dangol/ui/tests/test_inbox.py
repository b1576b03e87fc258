import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from dangol.core.models import Notice
from dangol.core.notices import notify

pytestmark = pytest.mark.django_db


@pytest.fixture
def notices(owner):
    """One of today, one of yesterday, one of long ago that is read."""
    made = [
        notify(owner, str(text).__str__, "/style/") for text in ("오늘 일", "어제 일", "옛날 일")
    ]
    for notice, days in zip(made, (0, 1, 40), strict=True):
        then = timezone.now() - dt.timedelta(days=days)
        Notice.objects.filter(pk=notice.pk).update(created_at=then)
    Notice.objects.filter(pk=made[2].pk).update(read_at=timezone.now())
    return made


def test_notices_stand_by_day_newest_first(signed_in, notices):
    days = signed_in.get(reverse("ui:notices")).context["days"]
    assert [name for name, _lines in days][:2] == ["오늘", "어제"]
    assert [line[0].text for _name, lines in days for line in lines] == [
        "오늘 일",
        "어제 일",
        "옛날 일",
    ]


def test_the_unread_can_be_seen_alone(signed_in, notices):
    days = signed_in.get(reverse("ui:notices"), {"show": "unread"}).context["days"]
    assert [line[0].text for _name, lines in days for line in lines] == ["오늘 일", "어제 일"]


def test_going_where_a_notice_leads_reads_it_and_no_other(signed_in, owner, notices):
    response = signed_in.get(reverse("ui:notice", args=[notices[0].pk]))
    assert response.url == "/style/"
    assert list(owner.notices.filter(read_at=None).values_list("text", flat=True)) == ["어제 일"]


def test_a_notice_never_leads_outside(signed_in, owner):
    notice = notify(owner, lambda: "밖으로", "https://evil.example/")
    assert signed_in.get(reverse("ui:notice", args=[notice.pk])).url == reverse("ui:notices")


def test_all_can_be_marked_read(signed_in, owner, notices):
    signed_in.post(reverse("ui:notices_read"))
    assert not owner.notices.filter(read_at=None).exists()
    assert "모두 읽음" not in signed_in.get(reverse("ui:notices")).text


def test_the_notices_of_another_are_neither_seen_nor_read(client, outsider, notices):
    client.force_login(outsider, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(reverse("ui:notices")).context["days"] == []
    assert client.get(reverse("ui:notice", args=[notices[0].pk])).status_code == 404
    client.post(reverse("ui:notices_read"))
    assert Notice.objects.filter(read_at=None).count() == 2
