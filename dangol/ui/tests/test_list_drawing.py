import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.timesince import timesince

from dangol.ui.lists import Column, record_url
from dangol.ui.lists.drawing import drawn_rows
from dangol.ui.templatetags.moments import ago, clock

KEY = uuid.UUID(int=7)


def line(**cells):
    columns = [Column(name, name, main=name == "name", number=name == "count") for name in cells]
    pairs = list(zip(columns, cells.values(), strict=True))
    return {"pk": KEY, "url": "/x/?a=1&b=2", "panel": "", "cells": pairs}


def test_what_people_typed_is_escaped_and_what_we_made_is_not():
    html = drawn_rows([line(name='<b>"김"</b>', state=format_html("<i>{}</i>", "ok"))], pick=False)
    assert html == (
        f'<tr tabindex="-1" data-row="{KEY}" data-href="/x/?a=1&amp;b=2">'
        '<td class="lead"><a class="main-link" href="/x/?a=1&amp;b=2">&lt;b&gt;&quot;김&quot;&lt;/b&gt;</a></td>'
        "<td><i>ok</i></td></tr>"
    )


def test_a_list_with_actions_has_a_box_in_each_row():
    html = drawn_rows([line(name="가", count=3), line(name="나", count=4)], pick=True)
    assert html.count('name="pick"') == 2
    assert '<td class="number" data-label="count">3</td>' in html


@pytest.mark.django_db
def test_a_record_url_is_what_reverse_says():
    key = uuid.uuid4()
    assert record_url("customers:customer", key) == reverse("customers:customer", args=[key])


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("minutes", [1, 59, 60, 1439, 1440, 10079, 10080, 40319, 40320, 90000])
def test_a_time_ago_is_told_in_the_readers_language(language, minutes):
    moment = timezone.now() - timedelta(minutes=minutes, seconds=5)
    with translation.override(language):
        assert timesince(moment, depth=1) in ago(moment)


def test_a_clock_carries_what_its_script_needs():
    turn = datetime(2026, 5, 12, 9, tzinfo=UTC)
    html = clock(-61, running=False, turns_at=turn, warn=15, data_x='"')
    assert 'data-left="-61" data-running="0" data-warn="15"' in html
    assert f'data-turns="{turn.isoformat()}"' in html
    assert 'data_x="&quot;"' in html
    assert html.count('class="clock-icon') == 5
