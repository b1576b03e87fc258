"""Notices are written in the language of who reads them."""

import pytest
from django.utils import translation
from django.utils.translation import gettext as _

from dangol.cases.actions import assign_case
from dangol.cases.tests.factories import a_case
from dangol.core.models import Notice


@pytest.mark.parametrize(("language", "text"), [("ko", "케이스 #"), ("en", "Case #")])
def test_a_notice_is_in_the_readers_language(world, language, text):
    world.grace.language = language
    world.grace.save()
    with translation.override("en" if language == "ko" else "ko"):
        assign_case(a_case(world), world.grace, by=world.anna)
        assert _("Save") == ("Save" if language == "ko" else "저장")
    assert Notice.objects.get(user=world.grace).text.startswith(text)
