"""Pages that say “in a minute” look again by themselves, and stop once it is there."""

from __future__ import annotations

import pytest
from django.urls import reverse

from dangol.identity.audits import counting
from dangol.identity.pages import audits, runs

pytestmark = pytest.mark.django_db
PAGES = (("matching:audits", audits, "audits"), ("matching:models", runs, "model"))


@pytest.mark.parametrize(("page", "module", "part"), PAGES)
def test_a_page_looks_again_while_something_is_counted(client, world, monkeypatch, page, module, part) -> None:  # fmt: skip
    client.force_login(world.dana)
    address = reverse(page)
    assert 'hx-trigger="every 2s"' not in client.get(address).content.decode()
    monkeypatch.setattr(module, "under_way", lambda job: job in (counting.SAMPLE, counting.COSTS))
    shown = client.get(address).content.decode()
    assert f'id="{part}"' in shown
    assert 'hx-trigger="every 2s"' in shown
    alone = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert alone.lstrip().startswith(f'<div id="{part}"')


def test_counting_again_stays_with_its_kind(client, world) -> None:
    client.force_login(world.dana)
    answer = client.post(reverse("matching:costs"), {"kind": "organisation"})
    assert answer.url == reverse("matching:models") + "?kind=organisation"
