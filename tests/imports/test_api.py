"""The way of a file by program."""

import json

from django.core.files.uploadedfile import SimpleUploadedFile

from dangol.customers.models import Customer
from dangol.imports.models import Import
from dangol.imports.running import run_file

FILE = "nr,이름,휴대폰\nC1,김철수,010-1234-5678\nC2,,\n"


def upload(client, **fields):
    file = SimpleUploadedFile("people.csv", FILE.encode())
    return client.post(
        "/api/v1/imports", {"kind": "customers", "source": "crm", "file": file} | fields
    )


def test_a_program_uploads_waits_and_reads_the_refused_rows(client, world):
    client.force_login(world.anna)
    answer = upload(client, mapping=json.dumps({"key": "nr"}))
    assert answer.status_code == 202, answer.content
    key = answer.json()["id"]
    assert answer.json()["state"] == "running"
    run_file(Import.objects.get().pk, dry=False)
    told = client.get(f"/api/v1/imports/{key}").json()
    assert (told["state"], told["new"], told["refused"]) == ("finished", 1, 1)
    refused = client.get(f"/api/v1/imports/{key}/refused").json()["items"]
    assert [(row["line"], row["cells"]) for row in refused] == [(3, ["C2", "", ""])]
    assert Customer.objects.get().source_key == "C1"


def test_a_dry_upload_loads_only_when_told(client, world):
    client.force_login(world.anna)
    key = upload(client, dry="true").json()["id"]
    run_file(Import.objects.get().pk, dry=True)
    assert client.get(f"/api/v1/imports/{key}").json()["plan"]["new"] == 1
    assert Customer.objects.count() == 0
    assert client.post(f"/api/v1/imports/{key}/load").json()["state"] == "running"
    assert client.post(f"/api/v1/imports/{key}/cancellation").json()["state"] == "cancelled"


def test_nonsense_is_refused_and_nothing_kept(client, world):
    client.force_login(world.anna)
    assert upload(client, mapping="[]").status_code == 422
    assert upload(client, kind="nothing").status_code == 422
    client.force_login(world.sue)
    assert upload(client).status_code == 403
