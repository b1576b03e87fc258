"""What was said of a consent while two were one widens nobody's when they are parted again."""

from __future__ import annotations

import itertools

import pytest

from dangol.customers.actions import change_customer
from dangol.customers.attributes.actions import change_attribute, make_attribute
from dangol.customers.models import Attribute, Customer, SourceRecord
from dangol.identity.merging.actions import merge_customers, undo_merge
from dangol.identity.merging.consents import consents_of
from dangol.identity.tests.factories import known
from dangol.imports.tests.factories import counts, loaded, loaded_with_attributes

pytestmark = pytest.mark.django_db
SAID = (True, False, None)
WIDE = {None: 1, False: 0, True: 2}


@pytest.fixture
def consent() -> Attribute:
    return make_attribute(key="ads", name="광고", kind="yes_no", consent=True, by=None)


def say(customer: Customer, consent: Attribute, flag: bool | None) -> None:
    """Write what a customer says now."""
    customer.refresh_from_db()
    change_customer(
        customer, by=None, revision=customer.revision, seen={}, attributes={consent.key: flag}
    )


@pytest.mark.parametrize(
    ("mine", "theirs", "since", "after"),
    [
        (True, True, False, (False, False)),  # whoever withdrew, neither is written to
        (True, False, True, (True, False)),
        (None, False, True, (True, False)),
        (None, None, True, (True, None)),
        (None, None, False, (False, False)),
        (True, True, None, (None, None)),
        (False, True, None, (False, None)),
        (False, True, False, (False, False)),  # said again of the one customer: of both
        (True, False, False, (False, False)),
    ],
)
def test_what_changed_while_they_were_one(consent, mine, theirs, since, after) -> None:
    a, b = known(None), known(None, name="이서연", phone="010-7777-1234", born_on="1991-01-01")
    say(a, consent, mine)
    say(b, consent, theirs)
    merge = merge_customers(a, b, by=None)
    say(a, consent, since)
    undo_merge(merge, by=None)
    assert (consents_of(a.pk).get("ads"), consents_of(b.pk).get("ads")) == after


@pytest.mark.parametrize(("mine", "theirs"), list(itertools.product(SAID, SAID)))
def test_what_nobody_changed_is_as_it_was(consent, mine, theirs) -> None:
    a, b = known(None), known(None, name="이서연", phone="010-7777-1234", born_on="1991-01-01")
    say(a, consent, mine)
    say(b, consent, theirs)
    undo_merge(merge_customers(a, b, by=None), by=None)
    assert (consents_of(a.pk).get("ads"), consents_of(b.pk).get("ads")) == (mine, theirs)


@pytest.mark.parametrize(
    ("first", "second", "third", "since"), list(itertools.product(SAID, repeat=4))
)
def test_an_earlier_merge_undone_under_a_later_one_widens_nobody(
    consent, first, second, third, since
) -> None:
    a, b = known(None), known(None, name="이서연", phone="010-7777-1234", born_on="1991-01-01")
    c = known(None, name="박도윤", phone="010-8888-1234", born_on="1971-01-01")
    for customer, flag in ((a, first), (b, second), (c, third)):
        say(customer, consent, flag)
    earlier = merge_customers(a, b, by=None)
    merge_customers(c, a, by=None)
    say(c, consent, since)
    undo_merge(earlier, by=None)
    assert WIDE[consents_of(b.pk).get("ads")] <= WIDE[second]
    if since is False and False not in (first, second, third):  # withdrawn while they were one
        assert consents_of(c.pk).get("ads") is consents_of(b.pk).get("ads") is False


@pytest.mark.parametrize(
    ("mine", "theirs", "words", "after"),
    [
        (False, True, (True, False), (False, False)),
        (None, True, (True, False), (False, False)),
        (None, True, (True, None), (None, None)),
        (True, None, (True, None), (None, None)),
    ],
)
def test_the_last_word_counts_also_where_it_says_what_the_merge_had_said(
    consent, world, mine, theirs, words, after
) -> None:
    a, b = known(None), known(None, name="이서연", phone="010-7777-1234", born_on="1991-01-01")
    say(a, consent, mine)
    say(b, consent, theirs)
    merge = merge_customers(a, b, by=None)
    for word in words:
        a.refresh_from_db()
        seen = {"attribute:ads": consents_of(a.pk).get("ads")}
        change_customer(a, by=world.dana, revision=a.revision, seen=seen, attributes={"ads": word})
    undo_merge(merge, by=None)
    assert (consents_of(a.pk).get("ads"), consents_of(b.pk).get("ads")) == after


def test_a_file_that_is_loaded_again_does_not_give_what_a_merge_put_aside(world) -> None:
    file = "고객번호,이름,전화,광고\n1,하나,010-1111-0001,예\n"
    loaded_with_attributes(file)
    Attribute.objects.update(consent=True)
    a, b = Customer.objects.get(), known(None, name="이서연", phone="010-7777-1234")
    merge = merge_customers(b, a, by=None)
    again = loaded("customers", file)
    assert counts(again) == (0, 0, 1, 0) and not consents_of(b.pk)
    loaded("customers", "고객번호,이름,전화,광고\n1,하나,010-1111-0001,아니오\n")
    assert list(consents_of(b.pk).values()) == [False], "a No always counts"
    undo_merge(merge, by=None)
    assert list(consents_of(a.pk).values()) == [False]


def test_a_form_that_is_sent_back_as_it_was_says_no_to_nothing(consent) -> None:
    a, b = known(None), known(None, name="이서연", phone="010-7777-1234", born_on="1991-01-01")
    say(a, consent, False)
    say(b, consent, True)
    merge = merge_customers(a, b, by=None)
    a.refresh_from_db()
    seen = {"attribute:ads": False}
    change_customer(a, by=None, revision=a.revision, seen=seen, attributes={"ads": False})
    undo_merge(merge, by=None)
    assert (consents_of(a.pk)["ads"], consents_of(b.pk)["ads"]) == (False, True)


def test_a_no_of_a_record_counts_also_where_a_no_stands(world) -> None:
    make_attribute(key="ads", name="광고", kind="yes_no", consent=True, by=None)
    for key, name, said in (("1", "하나", "아니오"), ("2", "두리", "예")):
        loaded("customers", ROW.format(key, name, f"010-1111-000{key}", said))
    a, b = (SourceRecord.objects.get(key=key).customer for key in "12")
    merge = merge_customers(a, b, by=None)
    again = ROW.format("2", "두리", "010-1111-0002", "아니오")
    assert counts(loaded("customers", again)) == (0, 1, 0, 0)
    assert counts(loaded("customers", again)) == (0, 0, 1, 0)
    undo_merge(merge, by=None)
    assert (consents_of(a.pk)["ads"], consents_of(b.pk)["ads"]) == (False, False)


ROW = "고객번호,이름,전화,광고\n{},{},{},{}\n"


@pytest.mark.parametrize(("whose", "after"), [("1", (True, None)), ("2", (None, True))])
def test_a_yes_of_a_file_goes_with_whose_row_said_it(world, whose, after) -> None:
    people = {"1": ("하나", "010-1111-0001"), "2": ("두리", "010-2222-0002")}
    make_attribute(key="ads", name="광고", kind="yes_no", consent=True, by=None)
    for key, (name, phone) in people.items():
        loaded("customers", ROW.format(key, name, phone, ""))
    a, b = (SourceRecord.objects.get(key=key).customer for key in people)
    merge = merge_customers(a, b, by=None)
    loaded("customers", ROW.format(whose, *people[whose], "예"))
    assert consents_of(a.pk) == {"ads": True}
    undo_merge(merge, by=None)
    assert (consents_of(a.pk).get("ads"), consents_of(b.pk).get("ads")) == after


@pytest.mark.parametrize(("mine", "theirs"), list(itertools.product(SAID, SAID)))
def test_what_became_a_consent_since_goes_back_as_it_was(world, mine, theirs) -> None:
    kind = make_attribute(key="ads", name="광고", kind="yes_no", by=None)
    a, b = known(None), known(None, name="이서연", phone="010-7777-1234", born_on="1991-01-01")
    say(a, kind, mine)
    say(b, kind, theirs)
    merge = merge_customers(a, b, by=None)
    change_attribute(kind, by=None, consent=True)
    undo_merge(merge, by=None)
    assert (consents_of(a.pk).get("ads"), consents_of(b.pk).get("ads")) == (mine, theirs)
