"""A missing, cut or altered file is noticed, never read, and made anew; a full disk harms nobody."""

from __future__ import annotations

import os
import resource
from decimal import Decimal
from pathlib import Path

import pytest

from dangol.warehouse import checking, manifest
from dangol.warehouse.actions import copy_changes, repair
from dangol.warehouse.engine import lake
from dangol.warehouse.manifest import Damaged, NoLake
from dangol.warehouse.models import Run
from tests.lake.factories import a_customer, a_sale, amounts, rows_in_lake


@pytest.fixture
def sold(db, lake_folder):
    """One sale of 7 in the lake; the path of its file."""
    sale = a_sale(a_customer(), 7)
    copy_changes()
    (file,) = manifest.newest().tables["transactions"].files
    return sale, lake_folder / file.path


def cut(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def alter(path: Path) -> None:
    """One bit, the same size, the same time of change."""
    seen = path.stat()
    with path.open("r+b") as file:
        file.seek(20)
        byte = file.read(1)[0]
        file.seek(20)
        file.write(bytes([byte ^ 1]))
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns + 1))


@pytest.mark.parametrize("harm", [Path.unlink, cut, alter])
def test_a_damaged_file_is_never_read_and_the_next_copy_makes_it_anew(sold, harm):
    _sale, path = sold
    harm(path)
    with pytest.raises(Damaged):
        amounts()
    copy_changes()
    assert amounts() == [Decimal(7)]
    assert checking.marks() == []


def test_the_nightly_check_finds_what_nobody_has_read_and_forgets_versions_that_cannot_be_made_again(
    sold,
):
    sale, path = sold
    first = lake().version
    sale.amount = Decimal(8)
    sale.save()
    copy_changes()
    alter(path)
    assert checking.damaged_files() == [f"transactions/{path.name} is damaged"]
    repair()
    assert checking.damaged_files() == []
    with pytest.raises(NoLake):
        lake(first)
    assert amounts() == [Decimal(8)]


def test_a_change_and_damage_together(sold):
    sale, path = sold
    sale.amount = Decimal(9)
    sale.save()
    path.unlink()
    before = lake_version()
    copy_changes()
    assert amounts() == [Decimal(9)]
    assert lake().changes("transactions", since=before) is None


def lake_version() -> int:
    return manifest.newest().version


def test_a_half_written_version_is_not_taken_for_one(sold):
    good = manifest.newest()
    text = manifest.path_of(good.version).read_text()
    manifest.path_of(good.version + 1).write_text(text[: len(text) // 2])
    with pytest.raises(Damaged):
        lake()
    copy_changes()
    assert amounts() == [Decimal(7)]
    assert manifest.newest().version == good.version + 2


def test_a_full_disk_leaves_the_old_version_and_the_next_try_succeeds(sold, lake_folder):
    sale, _path = sold
    sale.amount = Decimal(8)
    sale.save()
    before = lake_version()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300, hard))  # a file may not grow past 300 bytes
    try:
        with pytest.raises(OSError):
            copy_changes()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (lake_version(), amounts()) == (before, [Decimal(7)])
    assert Run.objects.first().state == "failed"
    assert not list(lake_folder.glob("*/.*"))
    copy_changes()
    assert amounts() == [Decimal(8)]


def test_a_full_disk_while_the_version_itself_is_written(sold, lake_folder):
    sale, _path = sold
    sale.delete()
    before = manifest.newest()
    size = manifest.path_of(before.version).stat().st_size
    biggest = max(f.stat().st_size for f in lake_folder.glob("transactions/*"))
    assert biggest < size - 500
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size - 500, hard))
    try:
        with pytest.raises(OSError):
            copy_changes()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert amounts() == [Decimal(7)]
    copy_changes()
    assert rows_in_lake("transactions") == []
