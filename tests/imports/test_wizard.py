"""The way of a file in the browser, page by page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dangol.customers.models import Customer
from dangol.imports.models import Import
from dangol.imports.running import run_file

CUSTOMERS = "고객번호,이름,휴대폰\nC1,김철수,010-1234-5678\nC2,,010-1111-2222\nC3,이영희,\n"


@pytest.fixture
def anna(client, world):
    client.force_login(world.anna)
    return client


def upload(client, content=CUSTOMERS.encode("cp949"), name="고객.csv", kind="customers"):
    file = SimpleUploadedFile(name, content)
    return client.post("/imports/new/", {"kind": kind, "source": "crm", "file": file})


def test_a_file_goes_from_upload_to_customers(anna):
    answer = upload(anna)
    run = Import.objects.get()
    assert answer.headers["Location"] == f"/imports/{run.pk}/columns/"
    assert run.layout["encoding"] == "cp949"
    page = anna.get(f"/imports/{run.pk}/columns/").content.decode()
    assert "김철수" in page
    mapping = {"key": "고객번호", "name": "이름", "phone": "휴대폰"}
    assert anna.post(f"/imports/{run.pk}/columns/", mapping).status_code == 302
    assert Import.objects.get().state == "planning"
    run_file(run.pk, dry=True)
    page = anna.get(f"/imports/{run.pk}/").content.decode()
    assert "C2" in page
    assert Customer.objects.count() == 0
    anna.post(f"/imports/{run.pk}/load/")
    run_file(run.pk, dry=False)
    assert sorted(Customer.objects.values_list("name", flat=True)) == ["김철수", "이영희"]
    page = anna.get(f"/imports/{run.pk}/").content.decode()
    assert "C2" in page
    refused = b"".join(anna.get(f"/imports/{run.pk}/refused.csv").streaming_content).decode()
    assert refused.splitlines()[1].startswith("3,")
    assert "010-1111-2222" in refused


def test_the_list_shows_where_each_import_stands(anna):
    upload(anna)
    page = anna.get("/imports/").content.decode()
    assert "고객.csv" in page


def test_a_workbook_that_is_none_is_told_on_the_page(anna):
    answer = upload(anna, b"PK\x03\x04 not a zip", "book.xlsx")
    assert answer.status_code == 422
    assert Import.objects.count() == 0


def test_others_are_refused(client, world):
    for person in (world.sue, world.ada, world.grace, world.nobody):
        client.force_login(person)
        assert client.get("/imports/").status_code == 403
        assert upload(client).status_code == 403
    assert Import.objects.count() == 0


def test_an_unknown_import_is_404(anna):
    key = "01a00000-0000-7000-8000-000000000000"
    for page in ("", "columns/", "refused.csv"):
        assert anna.get(f"/imports/{key}/{page}").status_code == 404
    for step in ("layout/", "plan/", "load/", "cancellation/"):
        assert anna.post(f"/imports/{key}/{step}").status_code == 404


def test_a_file_read_otherwise_than_it_can_be_is_told(anna):
    """UTF-16 without its mark, and another tab that has begun the load meanwhile."""
    upload(anna, CUSTOMERS.encode())
    run = Import.objects.get()
    otherwise = {"encoding": "utf-16", "separator": ",", "header": "0"}
    anna.post(f"/imports/{run.pk}/layout/", otherwise)
    assert anna.get(f"/imports/{run.pk}/columns/").status_code == 200
    as_it_was = {"encoding": "utf-8", "separator": ",", "header": "1"}
    anna.post(f"/imports/{run.pk}/layout/", as_it_was)
    anna.post(f"/imports/{run.pk}/columns/", {"key": "고객번호", "name": "이름"})
    run_file(run.pk, dry=True)
    anna.post(f"/imports/{run.pk}/load/")
    answer = anna.post(f"/imports/{run.pk}/layout/", otherwise, follow=True)
    assert [str(said) for said in answer.context["messages"]] == [
        "이미 가져오기를 시작했어요. 다르게 읽으려면 파일을 다시 올려 주세요."
    ]
    run.refresh_from_db()
    assert run.layout["encoding"] == "utf-8"
