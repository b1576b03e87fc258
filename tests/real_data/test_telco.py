"""Telco through the product: a file, own attributes, the lake, a segment, churn as the company says it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dangol.customers.models import Attribute, AttributeValue, Customer
from dangol.imports.models import Import
from dangol.imports.running import run_file
from dangol.imports.tests.factories import counts, loaded
from dangol.scores.models import Score, ScoreModel
from dangol.scores.tests.factories import ran
from dangol.segments import deciding
from dangol.segments.reading import read
from dangol.warehouse.engine import lake
from tests.real_data.telco import telco, telco_rows

pytestmark = [pytest.mark.real_data, pytest.mark.usefixtures("lake_folder")]
KINDS = {
    "yes_no": ["churn", "female", "senior_citizen", "partner", "dependents", "phone_service", "paperless_billing"],
    "number": ["tenure", "monthly_charges", "total_charges"],
    "choice": ["multiple_lines", "internet_service", "online_security", "online_backup", "device_protection",
               "tech_support", "streaming_tv", "streaming_movies", "contract", "payment_method"],
}  # fmt: skip


def load_by_the_pages(client, path) -> Import:
    """As an administrator does it in the browser: upload, make attributes of all that fit, load."""
    file = SimpleUploadedFile(path.name, path.read_bytes(), "text/csv")
    sent = client.post("/imports/new/", {"kind": "customers", "source": "telco", "file": file})
    columns = sent.headers["Location"]
    mapping = {"key": "customer_id", "name": "name"}
    assert client.post(columns, mapping | {"propose": "1"}).status_code == 302
    run = Import.objects.get()
    assert client.post(columns, form_of(client.get(columns))).status_code == 302
    client.post(f"/imports/{run.pk}/load/")
    return run_file(run.pk, dry=False)


def form_of(page) -> dict[str, str]:
    """What the page of columns shows, sent back as it is."""
    context = page.context
    sent = {line["field"].html_name: line["field"].value() for line in context["lines"]}
    for line in context["own_lines"]:
        sent |= {line[part].html_name: line[part].value() for part in ("kind", "name")}
    return {name: value or "" for name, value in sent.items()}


def test_telco_is_loaded_segmented_and_scored(client, world, tmp_path):
    path, rows = telco(tmp_path), telco_rows()
    client.force_login(world.anna)
    assert counts(load_by_the_pages(client, path)) == (7043, 0, 0, 0)
    assert {a.key: a.kind for a in Attribute.objects.all()} == {
        key: kind for kind, keys in KINDS.items() for key in keys
    }
    assert AttributeValue.objects.count() == 7043 * 20 - int(rows.isna().sum().sum())
    assert counts(loaded("customers", path.read_bytes(), source="telco")) == (0, 0, 7043, 0)

    settings = {
        "left_by": "churn",
        "attributes": ["*"],
        "score_every": "week",
        "learn_every": "month",
    }
    assert client.post("/scores/churn/settings/", settings).status_code == 302
    model = ScoreModel.objects.get(key="churn")
    assert model.settings == {"left_by": "churn", "attributes": True}
    run = ran("churn")
    assert (run.state, run.failure) == ("finished", "")
    figures = run.version.metrics
    assert figures["auc"] >= 0.845 and figures["calibration_error"] < 0.02
    assert figures["lift_top_tenth"] > 2.7 and figures["rate"] == pytest.approx(0.2654, abs=1e-4)
    assert run.summary["drift"]["chance"] < 0.01
    assert run.customers == (rows.churn == "No").sum() == Score.objects.filter(model=model).count()

    rule = read(
        {
            "all": [
                {"score": "own.contract", "is": ["Month-to-month"]},
                {"score": "own.tenure", "to": 12},
            ]
        }
    )
    found = deciding.members(rule, lake(), dt.date(2026, 6, 1))
    assert len(found) == ((rows.contract == "Month-to-month") & (rows.tenure <= 12)).sum()

    quality = client.get("/scores/churn/?view=quality").content.decode()
    assert f"{figures['auc']:.3f}" in quality and "회사가" in quality
    riskiest = Score.objects.filter(model=model).order_by("-value").first()
    assert Customer.objects.get(pk=riskiest.customer_id).name.startswith("Telco")
    assert client.get(f"/customers/{riskiest.customer_id}/").status_code == 200
    panel = client.get(f"/scores/customer/{riskiest.customer_id}/").content.decode()
    assert f"{riskiest.value:.0%}" in panel
    assert "contract Month-to-month: 떠날 수 있음" in panel
    shown = client.get(f"/customers/{riskiest.customer_id}/attributes/?all=1").content.decode()
    assert "Month-to-month" in shown and "monthly_charges" in shown
