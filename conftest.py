"""Fixtures for every test."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def fresh_cache():  # type: ignore[no-untyped-def]
    """What one test kept in memory, the next does not see."""
    from django.conf import settings
    from django.core.cache import caches
    from django.utils import translation

    from dangol.core.masking import see_whole
    from dangol.places import timetables
    from dangol.scores import offering

    caches["process"].clear()
    timetables._kept = None
    offering.KEPT.clear()
    offering.MISSED.clear()
    translation.activate(settings.LANGUAGE_CODE)
    see_whole(False)


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path):  # type: ignore[no-untyped-def]
    """Files that come in and go out are the test's own: two workers never meet in one folder."""
    settings.INBOX = tmp_path / "inbox"
    settings.OUTBOX = tmp_path / "outbox"


@pytest.fixture
def world(db):  # type: ignore[no-untyped-def]
    """The named cast, see tests/world.py."""
    from tests.world import build

    return build()


@pytest.fixture
def lake_folder(settings, tmp_path):  # type: ignore[no-untyped-def]
    """An empty lake of the test's own."""
    settings.LAKE = tmp_path / "lake"
    return settings.LAKE
