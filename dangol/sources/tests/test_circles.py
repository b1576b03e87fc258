"""An endpoint whose pages go round in a circle is noticed, also after a broken line."""

from __future__ import annotations

import pytest

from dangol.customers.models import SourceRecord
from dangol.sources.actions import start_run
from dangol.sources.connecting import Unreachable
from dangol.sources.running.carrying import carry_on
from dangol.sources.tests.test_dies_in_the_middle import from_endpoint, source_of


@pytest.mark.django_db
def test_pages_in_a_circle_stop_the_run(settings):
    with from_endpoint(settings, lambda number: {"shows": (number - 1) % 3 + 1}) as address:
        run = start_run(source_of(address), by=None, now=False)
        for _try in range(2):
            with pytest.raises(Unreachable) as failure:
                carry_on(run.pk)
            assert failure.value.facts == {"pages": 3} and "circle" in failure.value.reason
    run.refresh_from_db()
    assert run.rows == 300 and not SourceRecord.objects.exists()
