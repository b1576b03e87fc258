"""Lists and nightly choices find their rows by index: a million contact points are never read for a page."""

import re

import pytest
from django.db import connection
from django.utils import timezone

from dangol.customers.models import Check
from dangol.quality.asking import with_chances
from dangol.quality.lists import CheckList
from dangol.quality.models import Risk
from dangol.quality.queries import faults_visible_to, risks_visible_to, tasks_visible_to
from dangol.quality.tasks.making import CHOSEN, UNASKED

MANY = 20_000
CROWD = [
    # as with a site in 1,300, which the planner would see by itself
    "ALTER TABLE quality_risk ALTER COLUMN place_id SET (n_distinct = 1300)",
    """INSERT INTO customers_customer (id, created_at, kind, name, given_name, family_name, gender,
        language, home_place_id, tier, note, source, source_key, updated_at, revision, name_jamo,
        name_initials)
    SELECT md5('c' || n)::uuid, now(), 'person', '손님' || n, '', '', '', 'ko',
        (%(sites)s::uuid[])[1 + n %% array_length(%(sites)s::uuid[], 1)], '', '', 'erp', 'k' || n, now(), 1, '', ''
    FROM generate_series(1, %(many)s) n""",
    """INSERT INTO customers_contactpoint (id, created_at, customer_id, kind, value, parts, label,
        preferred, state, source, tail)
    SELECT md5('p' || n)::uuid, now() - n * interval '1 hour', md5('c' || n)::uuid, 'phone',
        '+8210' || (10000000 + n), '{}', '', true, 'unverified', 'erp', ''
    FROM generate_series(1, %(many)s) n""",
    """INSERT INTO quality_risk (contact_point_id, place_id, kind, chance, right_at, at)
    SELECT p.id, c.home_place_id, 'phone', random(), now(), now()
    FROM customers_contactpoint p JOIN customers_customer c ON c.id = p.customer_id""",
    """INSERT INTO customers_sourcerecord (source, key, kind, customer_id, values, times,
        first_seen_at, seen_at, changed_at, revision, unread)
    SELECT 'erp', 'r' || n, 'person', md5('c' || n)::uuid, '{}', '{}', now(), now(), now(), 1, false
    FROM generate_series(1, %(many)s) n""",
    """INSERT INTO quality_faults (record_id, source, place_id, bits)
    SELECT r.id, r.source, c.home_place_id, (random() * 1000000)::bigint
    FROM customers_sourcerecord r JOIN customers_customer c ON c.id = r.customer_id""",
    """INSERT INTO customers_check (id, created_at, contact_point_id, outcome, at, source,
        home_place_id, day)
    SELECT md5('k' || n)::uuid, now(), md5('p' || n)::uuid,
        CASE WHEN n %% 20 = 0 THEN 'wrong' ELSE 'verified' END, now() - n * interval '1 minute', 'erp',
        NULL, current_date - (n / 1440) FROM generate_series(1, %(many)s) n""",
    "ANALYZE customers_customer, customers_contactpoint, quality_risk, quality_faults,"
    " customers_sourcerecord, customers_check",
]  # fmt: skip


@pytest.fixture
def crowd(world):
    """Many customers with a phone, a chance, a record and a check each; one in a hundred is of 강남."""
    codes = ["GANGNAM", *["MAPO"] * 50, *["HAEUNDAE"] * 50]
    sites = [str(world.place(code).pk) for code in codes]
    with connection.cursor() as cursor:
        for statement in CROWD:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(statement, {"sites": sites, "many": MANY})
    return world


BIG = "quality_risk|quality_faults|customers_check|customers_contactpoint|customers_customer|customers_sourcerecord"


def read_whole(plan: str) -> list[str]:
    """The large tables that a plan reads from end to end."""
    return re.findall(rf"Seq Scan on ({BIG})\b", plan)


@pytest.mark.parametrize("who", ["anna", "dana"])
def test_the_first_page_of_every_list_is_read_by_index(crowd, who):
    user = getattr(crowd, who)
    pages = [
        risks_visible_to(user).order_by("-chance", "pk")[:51],
        faults_visible_to(user, ["phone"], ["invalid"]).order_by("record_id")[:51],
        faults_visible_to(user, ["phone"], ["stale"]).filter(source="erp").order_by("record_id")[:51],
        tasks_visible_to(user).filter(closed_at=None).order_by("due_at", "pk")[:51],
    ]  # fmt: skip
    assert [read_whole(page.explain()) for page in pages] == [[], [], [], []]


def test_what_was_found_wrong_is_read_newest_first_by_index(crowd, rf):
    request = rf.get("/quality/checks/")
    request.user = crowd.anna
    plan = CheckList().rows(request).order_by("-at", "id")[:51].explain()
    assert "check_wrong_newest" in plan and "customers_check" not in read_whole(plan)
    month = Check.objects.filter(day=timezone.localdate())
    assert "Seq Scan" not in month.explain()


def test_a_site_reads_its_own_chances_by_index(crowd):
    plan = risks_visible_to(crowd.grace).order_by("-chance", "pk")[:51].explain()
    assert "quality_risk" not in read_whole(plan)


def test_a_call_reads_its_customers_contact_points_by_index(crowd):
    customer = Risk.objects.select_related("contact_point").first().contact_point.customer
    assert read_whole(with_chances(customer.contact_points.all()).explain()) == []


def test_tasks_of_a_night_are_chosen_site_by_site_by_index(crowd):
    facts = {"most": 5, "backlog": 3, "chance": 0.3, "pause": timezone.now(), "unasked": UNASKED}
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + CHOSEN, facts)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "risk_of_site" in plan and "quality_risk" not in read_whole(plan)
