"""An address names a database and nothing else: options that name files or run something are refused."""

from __future__ import annotations

import json

import pytest

from dangol.sources.connecting import WrongSetting
from dangol.sources.connecting.addresses import address_of
from dangol.sources.models import Source

DANGEROUS = [
    "mysql+pymysql://h/d?read_default_file=/etc/passwd", "mysql+pymysql://h/d?init_command=DROP",
    "mysql+pymysql://h/d?local_infile=1", "mysql+pymysql://h/d?ssl_ca=/etc/passwd",
    "postgresql+psycopg://h/d?passfile=/etc/passwd", "postgresql+psycopg://h/d?sslcert=/x",
    "postgresql+psycopg://h/d?service=x", "postgresql+psycopg://h/d?options=-csearch_path=x",
    "mssql+pyodbc:///?odbc_connect=Driver=/x.so", "mssql+pyodbc://h/d?driver=/tmp/evil.so",
    "oracle+oracledb://h/d?wallet_location=/x", "mysql+pymysql://h/d?READ_DEFAULT_FILE=/x",
]  # fmt: skip
FINE = [
    "mysql+pymysql://h/d?charset=utf8mb4", "postgresql+psycopg://u@/d?host=/run/postgresql&sslmode=require",
    "mssql+pyodbc://h/d?driver=ODBC+Driver+18+for+SQL+Server&TrustServerCertificate=yes",
    "oracle+oracledb://h/?service_name=crm",
]  # fmt: skip


@pytest.mark.parametrize("address", DANGEROUS)
def test_dangerous_options_are_refused_with_a_sentence(client, world, address):
    body = {
        "code": "x", "name": "x", "entity": "person", "connection": "database", "hidden": address,
        "place": "t", "mapping": {},
    }  # fmt: skip
    client.force_login(world.anna)
    answer = client.post("/api/v1/sources", json.dumps(body), content_type="application/json")
    assert answer.status_code == 422, answer.content
    [error] = answer.json()["errors"]
    name = address.partition("?")[2].partition("=")[0]
    assert error["field"] == "hidden" and f"“{name}”" in str(error)
    assert not Source.objects.exists()


@pytest.mark.parametrize("address", FINE)
def test_usual_options_are_taken(address):
    assert address_of(address).query


def test_a_list_of_values_is_looked_at_too():
    with pytest.raises(WrongSetting):
        address_of("mysql+pymysql://h/d?charset=utf8&charset=/etc/passwd")
