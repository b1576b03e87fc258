"""Writes Korean into an app's catalogue: lines "English = 한국어" on standard input;
the context of a word follows after " @@ ".

.venv/bin/python scripts/korean.py places < words.txt
"""

import sys

from dangol.core import translations

app = translations.ROOT / sys.argv[1]
translations.update_app(app)
catalog = translations.catalog_of(app)
for line in sys.stdin:
    english, mark, korean = line.rstrip("\n").partition(" = ")
    if mark:
        english, _mark, context = english.partition(" @@ ")
        message = catalog.get(english.replace("\\n", "\n"), context or None)
        if message is None:
            sys.exit(f"no such text in {app.name}: {english!r}")
        text = korean.replace("\\n", "\n")
        message.string = (text,) if message.pluralizable else text
with translations.catalog_path(app).open("wb") as target:
    translations.write(target, catalog)
