"""No file and no program writes under the names that stand for people here."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from dangol.api.actions import make_token
from dangol.customers.models import Customer
from dangol.imports.actions import upload_import
from dangol.imports.models import Import

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["dangol", "Dangol ", "ＤＡＮＧＯＬ", "agent"])
def test_a_name_of_ours_is_no_source(world, client, name: str) -> None:
    file = SimpleUploadedFile("c.csv", "이름,전화\n홍서연,010-4321-8765\n".encode())
    with pytest.raises(ValidationError) as refused:
        upload_import(kind="customers", source=name, file=file, by=world.dana)
    assert list(refused.value.message_dict) == ["source"] and not Import.objects.exists()
    before = Customer.objects.count()
    secret = make_token(world.anna, name="t", abilities=["customers.edit"], days=1, by=world.anna)[
        1
    ]
    answer = client.post(
        "/api/v1/customers", {"name": "홍서연", "source": name}, content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )  # fmt: skip
    assert answer.status_code == 422 and "source" in str(answer.json())
    assert Customer.objects.count() == before
