"""Every list can show its further pages and be drawn again alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.template.loader import get_template
from django.urls import get_resolver

from dangol.ui.lists import ListPage


def lists() -> Iterator[type[ListPage]]:
    """Every list of the product, as far as its pages are reachable."""
    get_resolver().url_patterns  # noqa: B018 - reading the patterns imports every view
    waiting = [ListPage]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if kind.__module__.startswith("dangol.") and ".tests." not in kind.__module__:
                yield kind


def test_there_are_lists():
    assert len(list(lists())) >= 8


@pytest.mark.parametrize("part", ["", "#list", "#more"])
def test_a_list_has_its_page_and_the_parts_that_are_drawn_alone(part):
    for kind in lists():
        assert get_template(f"{kind.template_name}{part}"), kind
