import datetime as dt

from dangol.campaigns.due_calls import make_again_from, make_due_calls
from dangol.campaigns.models import Decision, Tally, Target
from dangol.campaigns.queries import progress_of
from dangol.campaigns.tests.factories import (
    MONDAY_TEN,
    bought,
    customer,
    product,
    programme,
    stage,
)  # fmt: skip
from dangol.customers.models import ContactPoint

SOLD = dt.datetime(2026, 3, 2, 5, 0, tzinfo=dt.UTC)


def listed():
    rows = Target.objects.order_by("stage__order", "transaction_id")
    return list(
        rows.values_list("stage__name", "customer_id", "transaction_id", "due_on", "due_at")
    )


def decisions():
    return set(Decision.objects.values_list("transaction_id", "stage__name", "reason"))


def test_a_sale_falls_due_after_the_stages_days(world):
    week = stage(programme(world.place("HQ")))
    sale = bought(customer(), world.place("GANGNAM"), SOLD)
    assert make_due_calls(MONDAY_TEN - dt.timedelta(days=1)) == {week.campaign_id: (0, 0)}
    assert make_due_calls(MONDAY_TEN) == {week.campaign_id: (1, 0)}
    due = Target.objects.get()
    assert (due.transaction, due.stage, due.customer) == (sale, week, sale.customer)
    assert due.due_on == dt.date(2026, 3, 9)
    assert due.due_at == dt.datetime(2026, 3, 9, 0, 0, tzinfo=dt.UTC)
    assert due.thread.transaction == sale
    assert due.thread.place == world.place("GANGNAM")


def test_twice_gives_the_same_list(world):
    stage(programme(world.place("HQ")))
    for _n in range(3):
        bought(customer(), world.place("GANGNAM"), SOLD)
    make_due_calls(MONDAY_TEN)
    first, said = listed(), decisions()
    make_due_calls(MONDAY_TEN)
    make_due_calls(MONDAY_TEN + dt.timedelta(hours=3))
    assert len(first) == 3
    assert (listed(), decisions()) == (first, said)


def test_late_gives_the_same_list_as_daily(world):
    campaign = programme(world.place("HQ"), quarantine_days=5)
    stage(campaign)
    stage(campaign, name="10일", days_after=10, kind="")
    regular = customer()
    for day in (0, 1, 2, 6, 9):
        bought(regular, world.place("GANGNAM"), SOLD + dt.timedelta(days=day))
        bought(customer(), world.place("MAPO"), SOLD + dt.timedelta(days=day))
    for day in range(14):
        make_due_calls(MONDAY_TEN + dt.timedelta(days=day))
    daily, said = listed(), decisions()
    Decision.objects.all().delete()
    Target.objects.all().delete()
    type(campaign).objects.update(made_until=None)
    make_due_calls(MONDAY_TEN + dt.timedelta(days=13))
    assert listed() == daily
    assert decisions() == said
    assert {reason for _t, _s, reason in said} >= {"chosen", "already_called", "other_stage_sooner"}


def test_triggers_match_kind_product_and_place_with_everything_below(world):
    car, other = product("CAR", "차"), product("OTHER", "기타")
    suv = product("SUV", "SUV", parent=car)
    car.refresh_from_db()
    stage(programme(world.place("HQ")), product=car, place=world.place("SEOUL"))
    right = bought(customer(), world.place("MAPO"), SOLD, suv)
    bought(customer(), world.place("MAPO"), SOLD, other)
    bought(customer(), world.place("HAEUNDAE"), SOLD, suv)
    bought(customer(), world.place("MAPO"), SOLD, suv, kind="service")
    make_due_calls(MONDAY_TEN)
    assert list(Target.objects.values_list("transaction_id", flat=True)) == [right.pk]


def test_a_programme_of_a_region_calls_its_customers_only(world):
    stage(programme(world.place("BUSAN")))
    bought(customer(), world.place("GANGNAM"), SOLD)
    right = bought(customer(), world.place("HAEUNDAE"), SOLD)
    make_due_calls(MONDAY_TEN)
    assert list(Target.objects.values_list("transaction_id", flat=True)) == [right.pk]


def test_skipped_customers_have_a_reason(world):
    week = stage(programme(world.place("HQ")))
    without = bought(customer(phone=None), world.place("GANGNAM"), SOLD)
    wrong = bought(customer(), world.place("GANGNAM"), SOLD)
    ContactPoint.objects.filter(customer=wrong.customer).update(state="wrong")
    twice = customer()
    first = bought(twice, world.place("GANGNAM"), SOLD)
    second = bought(twice, world.place("GANGNAM"), SOLD + dt.timedelta(hours=1))
    assert make_due_calls(MONDAY_TEN) == {week.campaign_id: (1, 3)}
    assert dict(Decision.objects.values_list("transaction_id", "reason")) == {
        without.pk: "no_phone", wrong.pk: "wrong_phone", first.pk: "chosen", second.pk: "same_day",
    }  # fmt: skip
    said = Decision.objects.get(transaction=second)
    assert said.facts == {"due_on": "2026-03-09", "transaction": str(first.pk)}


def test_transactions_before_the_programme_or_no_longer_valid_are_not_called(world):
    stage(programme(world.place("HQ"), valid_days=10))
    bought(customer(), world.place("GANGNAM"), SOLD - dt.timedelta(days=9))
    make_due_calls(MONDAY_TEN)
    assert not Target.objects.exists()


def test_a_late_load_is_called_as_if_it_had_been_in_time(world):
    stage(programme(world.place("HQ")))
    make_due_calls(MONDAY_TEN + dt.timedelta(days=5))
    sale = bought(customer(), world.place("GANGNAM"), SOLD)
    make_due_calls(MONDAY_TEN + dt.timedelta(days=5))
    assert not Target.objects.exists()
    assert make_again_from(SOLD) == 1
    make_due_calls(MONDAY_TEN + dt.timedelta(days=5))
    due = Target.objects.get()
    assert (due.transaction, due.due_on) == (sale, dt.date(2026, 3, 9))


def test_an_ended_programme_gives_up_the_rest_with_a_reason(world):
    campaign = programme(world.place("HQ"), ends_on=dt.date(2026, 3, 10))
    stage(campaign)
    bought(customer(), world.place("GANGNAM"), SOLD)
    make_due_calls(MONDAY_TEN)
    make_due_calls(MONDAY_TEN + dt.timedelta(days=2))
    assert Target.objects.get().result == "programme_ended"
    last = Decision.objects.get(making=False)
    assert (last.reason, last.chosen) == ("programme_ended", False)
    progress = progress_of([campaign.pk])[campaign.pk]
    assert (progress.open, progress.dropped, progress.made) == (0, 1, 1)


def test_kept_counts_stay_equal_to_the_rows_when_folded(world):
    campaign = programme(world.place("HQ"))
    stage(campaign)
    for _n in range(4):
        bought(customer(), world.place("GANGNAM"), SOLD)
    make_due_calls(MONDAY_TEN)
    make_due_calls(MONDAY_TEN)
    assert progress_of([campaign.pk])[campaign.pk].open == 4
    assert Tally.objects.count() == 1
