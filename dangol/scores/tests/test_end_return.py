"""A return is begun once however often it is sent, can be ended, and the end can be undone."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection
from django.utils import timezone

from dangol.core.models import AuditEntry, User
from dangol.scores.actions import AlreadyBegun, begin_use, count_outcomes, end_use, resume_use
from dangol.scores.models import Exposure, Outcome, Use
from dangol.scores.tests.factories import bought, ran
from dangol.segments.models import Membership, Segment
from tests.lake.factories import a_customer, a_sale


@pytest.fixture
def scored(world, lake_folder, client):
    for _n in range(8):
        bought(a_customer(home_place=world.place("GANGNAM")), 5)
    ran("rfm")
    client.force_login(world.mark)
    return client


def asked(client, method: str, path: str, body: object = None):
    return getattr(client, method)(f"/api/v1{path}", body, content_type="application/json")


@pytest.mark.django_db
class TestOnce:
    """Sent twice."""

    def test_the_second_post_is_answered_by_the_first(self, scored):
        body = {"name": "문자", "model": "rfm", "hold_out": 0.5}
        first, second = (
            asked(scored, "post", "/returns", body),
            asked(scored, "post", "/returns", body),
        )
        assert (first.status_code, second.status_code) == (201, 200)
        assert first.json()["id"] == second.json()["id"]
        assert Use.objects.count() == 1 and Exposure.objects.count() == 8

    def test_other_figures_under_the_same_name_are_a_clash_that_names_it(self, scored):
        body = {"name": "문자", "model": "rfm", "hold_out": 0.5}
        first = asked(scored, "post", "/returns", body).json()["id"]
        clash = asked(scored, "post", "/returns", body | {"days": 60})
        assert (clash.status_code, clash.json()["id"]) == (409, first)
        other = asked(scored, "post", "/returns", body | {"name": "전화"})
        assert other.status_code == 201 and Use.objects.count() == 2

    def test_the_form_sent_twice_leads_to_the_same_page(self, scored):
        given = {"name": "전화", "cell": "", "hold_out": "30", "days": "10"}
        pages = {scored.post("/scores/rfm/uses/", given)["Location"] for _twice in range(2)}
        assert pages == {f"/scores/returns/{Use.objects.get().pk}/"}

    def test_refusals_name_their_field(self, scored, world):
        both = asked(scored, "post", "/returns", {"name": "x"})
        assert (both.status_code, both.json()["errors"][0]["field"]) == (422, "model")
        hidden = asked(scored, "post", "/returns", {"name": "a\u0007b", "model": "rfm"})
        assert (hidden.status_code, hidden.json()["errors"][0]["field"]) == (422, "name")
        assert not Use.objects.exists()
        use = begin_use(name="x", hold_out=0.5, days=5, by=world.mark,
                        customers=[a_customer().pk for _n in range(4)])  # fmt: skip
        drawn = use.exposures.first().customer_id
        path = f"/returns/{use.pk}/customers/{drawn}/outcomes/spent"
        told = asked(scored, "put", path, {"amount": 1})
        assert (told.status_code, told.json()["errors"][0]["field"]) == (422, "measure")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_draw_once(world):
    segment = Segment.objects.create(name="둘", place=world.place("GANGNAM"))
    for _n in range(6):
        customer = a_customer(home_place=world.place("GANGNAM"))
        Membership.objects.create(segment=segment, customer=customer, since=timezone.now())
    gate, told = threading.Barrier(2), []

    def press() -> None:
        gate.wait()
        try:
            by = User.objects.get(pk=world.mark.pk)
            told.append(begin_use(name="초대", hold_out=0.5, days=5, by=by, segment=segment).pk)
        except AlreadyBegun as known:
            told.append(known.use.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _n in range(2)]
    [t.start() for t in threads], [t.join() for t in threads]
    assert len(told) == 2 and set(told) == {Use.objects.get().pk}
    assert Exposure.objects.count() == 6


@pytest.mark.django_db
class TestEnd:
    """The end, and its undoing."""

    @pytest.fixture
    def use(self, world):
        start = timezone.now() - dt.timedelta(days=10)
        customers = [a_customer(home_place=world.place("GANGNAM")) for _n in range(4)]
        use = begin_use(name="x", hold_out=0.5, days=30, by=world.mark, at=start,
                        customers=[c.pk for c in customers])  # fmt: skip
        for customer in customers:
            a_sale(customer, 100, at=start + dt.timedelta(days=1))
            a_sale(customer, 900, at=start + dt.timedelta(days=6))
        return use

    def spent(self):
        return set(Outcome.objects.filter(measure="spent").values_list("amount", flat=True))

    def test_what_comes_after_the_end_does_not_count_until_it_is_undone(self, use, world):
        ended = end_use(use, by=world.mark, at=use.started_at + dt.timedelta(days=3))
        assert (self.spent(), ended.ended_by) == ({100}, world.mark)
        count_outcomes(ended)
        assert self.spent() == {100}
        again = end_use(ended, by=world.alan)
        assert (again.ended_at, again.ended_by) == (ended.ended_at, world.mark)
        assert resume_use(ended, by=world.mark).ended_at is None
        assert self.spent() == {1000}
        verbs = AuditEntry.objects.filter(verb__startswith="scores.use_").values_list(
            "verb", flat=True
        )
        assert sorted(verbs) == ["scores.use_begun", "scores.use_ended", "scores.use_resumed"]

    def test_by_page_with_undo_and_by_program(self, use, world, client):
        client.force_login(world.mark)
        page = client.get(f"/scores/returns/{use.pk}/").content.decode()
        assert f"/scores/returns/{use.pk}/ending/" in page
        held = use.exposures.filter(held_out=True).count()
        every = use.exposures.count()
        assert f"실제 {every}명 중 {100 * held / every:.1f}%" in page
        answer = client.post(f"/scores/returns/{use.pk}/ending/", follow=True).content.decode()
        assert f"/scores/returns/{use.pk}/resumption/" in answer and "undo" in answer
        assert asked(client, "post", f"/returns/{use.pk}/resumption").json()["ended_at"] is None
        assert asked(client, "post", f"/returns/{use.pk}/ending").json()["ended_at"]
        client.force_login(world.sue)
        assert asked(client, "post", f"/returns/{use.pk}/resumption").status_code == 403
        assert client.post(f"/scores/returns/{use.pk}/resumption/").status_code == 403
        client.force_login(world.grace)
        assert asked(client, "post", f"/returns/{use.pk}/resumption").status_code in {403, 404}
        assert Use.objects.get().ended_at is not None
