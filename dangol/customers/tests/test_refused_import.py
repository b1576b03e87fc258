"""What is refused of an import leaves nothing; what would be no database's text is cleaned or refused."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from dangol.customers.attributes.importing import key_for
from dangol.customers.attributes.romanising import romanised
from dangol.customers.models import Attribute, AttributeValue, Customer
from dangol.imports import actions
from dangol.imports.models import Import, Memory
from dangol.imports.running import run_file
from dangol.imports.tests.factories import uploaded

FILE = "고객번호,이름,사용 개월\n1,하나,3\n2,둘,12\n3,셋,8\n"


def sent(client, mapping, content: str = FILE):
    return client.post(
        "/api/v1/imports",
        {
            "kind": "customers", "source": "crm", "file": SimpleUploadedFile("a.csv", content.encode()),
            "mapping": mapping if isinstance(mapping, str) else json.dumps(mapping),
        },
    )  # fmt: skip


@pytest.mark.django_db
class TestNothingIsKept:
    """By program."""

    @pytest.fixture
    def program(self, client, world, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        client.force_login(world.anna)
        return client

    @pytest.mark.parametrize(
        ("mapping", "field"),
        [
            ({"name": "없는 열"}, "mapping.name"),
            ({"nonsense": "이름"}, "mapping.nonsense"),
            ({"attribute:x": "이름"}, "mapping.attribute:x"),
            ("[1]", "mapping"),
            ("{", "mapping"),
        ],
    )
    def test_a_refused_upload_leaves_no_row_no_file_and_no_memory(
        self, program, mapping, field, tmp_path
    ):
        refused = sent(program, mapping)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)
        assert not Import.objects.exists() and not Memory.objects.exists()
        assert [p for p in tmp_path.rglob("*") if p.is_file()] == []

    @pytest.mark.parametrize("hidden", ["\0", "\x07", "\x85", "\ud800"])
    def test_hidden_characters_are_blanks_to_us(self, program, hidden):
        answer = sent(
            program, {f"na{hidden}me": f"이름{hidden}", "note": {"value": f"가{hidden}나"}}
        )
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "mapping.na me")
        answer = sent(program, {"note": {"value": f"가{hidden}나"}})
        assert answer.status_code == 202 and answer.json()["mapping"]["note"] == {"value": "가 나"}

    def test_a_heading_with_a_hidden_character_is_read_without_it(self, program):
        answer = sent(program, {}, "고객\0번호,이\x07름\n1,하나\n")
        assert answer.status_code == 202
        assert set(answer.json()["mapping"].values()) <= {"고객 번호", "이 름"}


@pytest.mark.django_db(transaction=True)
def test_of_two_loads_that_want_one_attribute_of_two_kinds_the_second_is_refused_whole(world):
    runs = []
    for kind, cells in (("number", "3"), ("date", "2024-01-02")):
        run = uploaded("customers", f"고객번호,이름,기간\n{kind},하나,{cells}\n")
        mapping = run.mapping | {
            "attribute:span": {
                "heading": "기간",
                "new": {"kind": kind, "name": "기간", "choices": []},
            }
        }
        runs.append(actions.set_mapping(run, mapping, by=None).pk)
    gate, refused = threading.Barrier(2), []

    def begin(key) -> None:
        gate.wait()
        try:
            actions.start_import(Import.objects.get(pk=key), by=None, now=False)
        except ValidationError as why:
            refused.append((key, why.message_dict))
        finally:
            connection.close()

    threads = [threading.Thread(target=begin, args=(key,)) for key in runs]
    [t.start() for t in threads], [t.join() for t in threads]
    ((lost, told),) = refused
    assert list(told) == ["mapping.attribute:span"] and "span" in told["mapping.attribute:span"][0]
    (won,) = set(runs) - {lost}
    assert Attribute.objects.count() == 1
    assert Import.objects.get(pk=lost).started_at is None
    run_file(won, dry=False)
    assert Customer.objects.count() == 1 and AttributeValue.objects.count() == 1


def test_a_korean_heading_gives_a_key_that_can_be_read():
    assert key_for("사용 개월", set()) == "sayong_gaewol"
    assert key_for("VIP 등급", {"attribute:vip_deunggeup"}) == "vip_deunggeup_2"
    assert romanised("값 없는 닭") == "gap eopneun dak"
    assert key_for("契約", set()).startswith("a") and key_for("契約", set()) == key_for(
        "契約", set()
    )


def test_the_files_of_a_refused_upload_are_gone(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with pytest.raises(ValidationError):
        actions.take_import(
            kind="customers", source="crm", file=SimpleUploadedFile("a.csv", FILE.encode()),
            by=None, mapping={"name": "없음"},
        )  # fmt: skip
    assert not any(Path(p).is_file() for p in tmp_path.rglob("*"))
