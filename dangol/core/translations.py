"""Translations: which texts the sources hold, which of them lack Korean, and the compiled files.

python -m dangol.core.translations compile | check | update
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LANGUAGE = "ko"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "_": None,
}


def apps() -> Iterator[Path]:
    """The folders of our apps."""
    return (p.parent for p in sorted(ROOT.glob("*/__init__.py")))


def messages_of(app: Path) -> Catalog:
    """Every translatable text of an app's code and templates."""
    from django.utils.translation.template import templatize

    found = Catalog(locale=LANGUAGE, domain="django")
    sources = [
        (p, p.read_text("utf-8")) for p in sorted(app.rglob("*.py")) if "tests" not in p.parts
    ]
    for path in sorted(app.rglob("templates/**/*.*")):
        if path.suffix in {".html", ".txt"}:
            sources.append((path, templatize(path.read_text("utf-8"), origin=str(path))))
    for path, text in sources:
        name = str(path.relative_to(ROOT.parent))
        for line, message, comments, context in extract(
            "python", BytesIO(text.encode()), keywords=KEYWORDS
        ):
            if message and message != "":
                found.add(
                    message, locations=[(name, line)], auto_comments=comments, context=context
                )
    return found


def catalog_path(app: Path) -> Path:
    """Where an app keeps its Korean."""
    return app / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def catalog_of(app: Path) -> Catalog:
    """The Korean that an app has."""
    path = catalog_path(app)
    if not path.exists():
        return Catalog(locale=LANGUAGE, domain="django")
    with path.open("rb") as source:
        return read_po(source, locale=LANGUAGE, domain="django")


def first_of(message: Message) -> str:
    """The English text; of one with a plural, the singular."""
    return str(message.id if isinstance(message.id, str) else message.id[0] if message.id else "")


def placeholders(text: str) -> set[str]:
    """The names that a text puts values in for."""
    return set(re.findall(r"%\((\w+)\)", text))


def missing() -> list[str]:
    """Texts without Korean, as "app: text (where)"; a text said by an app below counts.

    Also Korean that leaves out a value of the English, or asks for one that is not given.
    """
    lines: list[str] = []
    known: set[tuple[str | None, str]] = set()
    for app in apps():
        for message in catalog_of(app):
            strings = [message.string] if isinstance(message.string, str) else message.string
            if not message.id or not all(strings) or message.fuzzy:
                continue
            known.add((message.context, first_of(message)))
            if placeholders(str(message.id)) != placeholders(" ".join(strings)):
                lines.append(f"{app.name}: other placeholders than {first_of(message)!r} has")
    for app in apps():
        for message in messages_of(app):
            text = first_of(message)
            if text and (message.context, text) not in known:
                where = message.locations[0] if message.locations else ("", 0)
                lines.append(f"{app.name}: {text!r} ({where[0]}:{where[1]})")
    return lines


def write(target: IO[bytes], catalog: Catalog) -> None:
    """Write a catalogue without dates, so that two people's changes merge."""
    write_po(target, catalog, width=100, omit_header=True, sort_output=True, no_location=True)


def update_app(app: Path) -> None:
    """Write an app's catalogue again: new texts added, unused ones dropped, Korean kept."""
    found = messages_of(app)
    if not len(found) and not catalog_path(app).exists():
        return
    kept = catalog_of(app)
    kept.update(found, no_fuzzy_matching=True)
    kept.obsolete.clear()
    path = catalog_path(app)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as target:
        write(target, kept)


def update() -> None:
    """Write every app's catalogue again."""
    for app in apps():
        update_app(app)


def compile_all() -> None:
    """Write the binary files that Django reads."""
    for app in apps():
        if catalog_path(app).exists():
            with catalog_path(app).with_suffix(".mo").open("wb") as target:
                write_mo(target, catalog_of(app))


def main(verb: str) -> int:
    """Do what the command line says."""
    if verb == "check":
        lines = missing()
        print("\n".join(lines) or "every text has its Korean")
        return 1 if lines else 0
    {"compile": compile_all, "update": update}[verb]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
