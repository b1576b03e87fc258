"""Addresses inside are reached only where the operator named them, in whatever form they come."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from dangol.sources.connecting.web import may_reach
from dangol.sources.outgoing.actions import subscribe
from dangol.sources.outgoing.models import Subscriber

INSIDE = [
    "127.0.0.1", "10.1.2.3", "169.254.169.254", "224.0.0.1", "::", "::1", "fe80::1%eth0", "fd00::1",
    "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1",
    "2002:7f00:1::", "2002:a01:203::1", "2001:0:7f00:1::3fff:fdd2", "2001:0:808:808:0:0:80ff:fffe",
]  # fmt: skip
OUTSIDE = [
    "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "::8.8.8.8", "64:ff9b::808:808",
    "2002:808:808::1", "2001:0:808:808::f7f7:f7f7",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_what_lies_inside_is_not_reached(settings, address):
    settings.INNER_HOSTS = []
    assert not may_reach(address, "a.example", 443)


@pytest.mark.parametrize("address", OUTSIDE)
def test_what_is_public_is_reached(settings, address):
    settings.INNER_HOSTS = []
    assert may_reach(address, "a.example", 443)


def test_the_operator_names_the_address_that_is_meant(settings):
    settings.INNER_HOSTS = ["10.0.0.0/8"]
    assert may_reach("64:ff9b::a01:203", "a.example", 443)
    assert not may_reach("64:ff9b::7f00:1", "a.example", 443)


@pytest.mark.parametrize(
    "address",
    ["http://localhost:8171/", "https://[::1", "https://[::1]/h", "https://a.com:99999/",
     "http://127.0.0.1/h", "https://a..b/h", "http:///path", "https://10.0.0.1:0/h"],
)  # fmt: skip
def test_a_receiver_that_nothing_is_sent_to_is_refused(db, address):
    with pytest.raises(ValidationError) as refusal:
        subscribe(name="x", entity="site", way="webhook", address=address, by=None)
    assert set(refusal.value.message_dict) == {"address"}
    assert not Subscriber.objects.exists()
