"""Finding files that are missing, cut short or altered, and making them anew from the source."""

from __future__ import annotations

from pathlib import Path

from dangol.warehouse import keeping, manifest
from dangol.warehouse.files import checked
from dangol.warehouse.manifest import Damaged, File, NoLake, root


def suspect(file: File) -> None:
    """A reader met a damaged file: leave a mark for the next copy, from whatever process."""
    marks = root() / "suspects"
    marks.mkdir(parents=True, exist_ok=True)
    (marks / file.path.replace("/", "--")).touch()


def marks() -> list[Path]:
    """What readers left."""
    folder = root() / "suspects"
    return list(folder.iterdir()) if folder.is_dir() else []


def forget_marks() -> None:
    """Every mark was looked at."""
    for mark in marks():
        mark.unlink(missing_ok=True)


def damaged(parts: list[File], *, thoroughly: bool) -> list[File]:
    """The files that are not as they were written; quickly: by size, unless a reader said so."""
    said = {mark.name.replace("--", "/") for mark in marks()}
    found = []
    for file in parts:
        path = root() / file.path
        if not thoroughly and file.path not in said:
            if not path.exists() or path.stat().st_size != file.bytes:
                found.append(file)
            continue
        try:
            checked(file, again=True)
        except Damaged:
            found.append(file)
    return found


def damaged_files() -> list[str]:
    """Every damaged file of every kept version, in words."""
    wrong = []
    for number in manifest.versions():
        try:
            manifest.load(number)
        except Damaged as damage:
            wrong.append(str(damage))
        except NoLake:
            continue
    seen: dict[str, File] = {f.path: f for made in keeping.readable() for f in made.files()}
    return wrong + [f"{f.path} is damaged" for f in damaged(list(seen.values()), thoroughly=True)]


def forget_versions_with(bad: set[str]) -> list[int]:
    """Older versions that name a damaged file cannot be made again: they are no longer kept."""
    gone = []
    for made in keeping.readable()[:-1]:
        if any(f.path in bad for f in made.files()):
            manifest.path_of(made.version).unlink(missing_ok=True)
            gone.append(made.version)
    return gone
