"""An open case page knows by itself whether what the stream tells is news."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.html import escape

from dangol.cases.actions import add_note, attach_file, change_case
from dangol.cases.tests.factories import a_case
from dangol.cases.topics import snapshot


@pytest.mark.django_db
def test_the_page_holds_the_state_in_the_letters_of_the_stream(world, client):
    case = a_case(world)
    add_note(case, "확인 중", by=world.anna)
    attach_file(case, SimpleUploadedFile("a.txt", b"a"), by=world.anna)
    change_case(case, by=world.anna, priority=3)
    client.force_login(world.anna)
    page = client.get(reverse("cases:case", args=[case.pk])).content.decode()
    told = json.dumps(snapshot([str(case.pk)])[str(case.pk)], separators=(",", ":"))
    assert json.loads(told)["notes"] == json.loads(told)["files"] == 1
    assert f'data-live-changes="{escape(told)}"' in page
