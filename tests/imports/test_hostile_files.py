"""Two hundred bad files: what is good in them comes in, the rest is named, nothing breaks."""

import subprocess
import sys

import pytest
from django.core.exceptions import ValidationError

from dangol.customers.models import Customer
from dangol.imports.models import Import
from dangol.imports.refused_file import pieces
from dangol.imports.tests.factories import loaded, reasons
from tests.imports import hostile


def names_after(run):
    found = Customer.objects.values_list("name", flat=True)
    return {name for name in found if name and not name.startswith(("=", "+", "-", "@"))}


def check(run, expected):
    assert run.state == "finished"
    assert set(expected) <= names_after(run)
    assert run.rows == run.new + run.changed + run.same + run.refused
    assert len(reasons(run)) == run.refused
    assert all(line > 1 and reason for line, reason in reasons(run))


def test_every_encoding_separator_quoting_and_line_end_is_found_out(db):
    files = list(hostile.encodings())
    assert len(files) == 168
    for name, content, expected in files:
        run = loaded("customers", content, source=f"f{hash(name)}")
        assert (run.new, run.refused) == (2, 0), (name, run.layout, reasons(run))
        check(run, expected)
        Customer.objects.all().delete()


@pytest.mark.parametrize(
    ("content", "expected"),
    [pytest.param(c, e, id=n) for n, c, e in hostile.oddities()],
)
def test_an_odd_file_brings_its_good_rows_and_names_the_others(db, content, expected):
    run = loaded("customers", content)
    check(run, expected)


@pytest.mark.parametrize(
    ("content", "expected"),
    [pytest.param(c, e, id=n) for n, c, e in hostile.workbooks()],
)
def test_a_workbook_is_read_or_refused_as_a_whole(db, content, expected):
    if expected is None:
        with pytest.raises(ValidationError):
            loaded("customers", content, name="book.xlsx")
        assert Import.objects.count() == Customer.objects.count() == 0
    else:
        run = loaded("customers", content, name="book.xlsx")
        check(run, expected)
        assert not Customer.objects.filter(name__contains="root:").exists()


def test_formulas_are_harmless_in_the_file_of_refused_rows(db):
    content = hostile.GOOD + "".join(f"F{i},이름,{c}1+1\n" for i, c in enumerate("=+-@"))
    run = loaded("customers", content)
    assert run.refused == 4
    told = b"".join(pieces(run)).decode()
    assert all(f",'{c}1+1" in told for c in "=+-@")


READ = """
import sys
from pathlib import Path
from dangol.imports.reading import detect, lines
path = Path(sys.argv[1])
count = sum(1 for line in lines(path, detect(path)) if line.problem)
peak = next(l for l in open("/proc/self/status") if l.startswith("VmHWM"))
print(count, int(peak.split()[1]) // 1024)
"""


def test_memory_stays_small_whatever_the_file(tmp_path):
    path = tmp_path / "large.csv"
    with path.open("w") as out:
        out.write("고객번호,이름\n")
        for i in range(20):
            out.write(f"C{i},{'가나다라' * 1_250_000}\n")
    command = [sys.executable, "-c", READ, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    refused, megabytes = map(int, done.stdout.split())
    assert path.stat().st_size > 300_000_000
    assert refused == 20
    assert megabytes < 200
