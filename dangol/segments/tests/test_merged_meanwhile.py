"""Who is merged away while a segment is counted, or a list is read, is left out; nothing fails."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from dangol.customers.actions import add_contact_point
from dangol.customers.models import Customer
from dangol.identity.merging.actions import merge_customers
from dangol.segments.models import Listed
from dangol.segments.refreshing import refresh_segments
from dangol.segments.tests.factories import a_segment, members_of, sale, somebody
from dangol.segments.uploading import upload_list
from dangol.warehouse.actions import copy_changes

pytestmark = pytest.mark.usefixtures("lake_folder")


@contextmanager
def merging_after(words: str, stays: Customer, goes: Customer) -> Iterator[None]:
    """Somebody else merges two customers just after a statement was run, before its transaction ends."""
    merged: list[threading.Thread] = []

    def merge() -> None:
        merge_customers(stays, goes, by=None)
        connection.close()

    def after(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        if words in sql and not merged:
            merged.append(threading.Thread(target=merge))
            merged[0].start()
            merged[0].join(1.0)
        return done

    with connection.execute_wrapper(after):
        yield
    merged[0].join(20)
    assert not Customer.objects.filter(pk=goes.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_who_is_merged_away_while_members_are_written_is_none(world):
    kim, twin = somebody(world, name="김단골"), somebody(world, name="김단골")
    for customer in (kim, kim, twin, twin):
        sale(customer)
    segment = a_segment(world)
    copy_changes()
    with merging_after("INSERT INTO segments_membership", kim, twin):
        run = refresh_segments()
    assert run is not None and run.failure == ""
    assert members_of(segment) == {"김단골"} and segment.members.get().customer_id == kim.pk


@pytest.mark.django_db(transaction=True)
def test_a_list_is_read_anew_where_somebody_on_it_was_merged_away(world):
    kim, twin = somebody(world, name="김단골"), somebody(world, name="김단골")
    add_contact_point(twin, "phone", "010-1234-5678", by=None)
    file = SimpleUploadedFile("list.csv", "전화\n010-1234-5678\n".encode())
    with merging_after('INSERT INTO "segments_listed"', kim, twin):
        made = upload_list(file, name="초대", place=world.place("HQ"), by=world.mark)
    assert (made.taken, made.refused) == (1, 0)
    assert Listed.objects.get().customer_id == kim.pk
