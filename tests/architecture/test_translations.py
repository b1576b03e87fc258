"""Korean and English are complete."""

from dangol.core import translations


def test_every_text_has_its_korean():
    assert translations.missing() == []


def test_a_text_has_one_korean_everywhere():
    """Catalogues are merged: of two words for one text the reader would see only the first."""
    said: dict = {}
    for app in translations.apps():
        for message in translations.catalog_of(app):
            if message.id and message.string:
                key = (message.context, str(message.id))
                said.setdefault(key, {}).setdefault(str(message.string), []).append(app.name)
    assert {key: words for key, words in said.items() if len(words) > 1} == {}


def test_placeholders_are_the_same_in_both():
    import re

    wrong = []
    for app in translations.apps():
        for message in translations.catalog_of(app):
            if not message.id or not isinstance(message.id, str) or not message.string:
                continue
            names = set(re.findall(r"%\((\w+)\)", message.id))
            if set(re.findall(r"%\((\w+)\)", message.string)) != names:
                wrong.append(f"{app.name}: {message.id!r}")
    assert wrong == []
