"""What changes while an answer is on its way is sent too: by default only the first change waits."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2] / "dangol"
TAG = re.compile(r"<[a-z]+ [^<>]*?hx-trigger=(\"[^\"]*\")[^<>]*>")
INNER = re.compile(r"{%.*?%}|{{.*?}}")


def test_whatever_is_sent_at_a_change_says_what_becomes_of_the_one_before():
    found = {}
    for path in ROOT.rglob("templates/**/*.html"):
        for tag in TAG.finditer(INNER.sub("", path.read_text())):
            if re.search(r"\b(change|input)\b", tag[1]):
                found[str(path.relative_to(ROOT)), tag[1]] = "hx-sync=" in tag[0]
    assert {path.rpartition("/")[2] for path, _trigger in found} >= {
        "split_new.html", "stage.html", "list.html", "customer.html", "case.html", "desk.html",
    }  # fmt: skip
    assert [one for one, says in found.items() if not says] == []
