"""What goes wrong with a value on its way into a database."""

from __future__ import annotations

import unicodedata
from random import Random

from dangol.customers.hangul import FIRST, INITIALS, LAST

# customers.attributes.romanising holds the same letters for keys of attributes, and identity.reading.names
# its own classes of sounds. These stay apart on purpose: names that were written by the very table that
# reads them would hide its errors from the score against the hidden truth.
ROMAN_INITIALS = "g kk n d tt r m b pp s ss - j jj ch k t p h".replace("-", "").split(" ")
ROMAN_VOWELS = [
    "a",
    "ae",
    "ya",
    "yae",
    "eo",
    "e",
    "yeo",
    "ye",
    "o",
    "wa",
    "wae",
    "oe",
    "yo",
    "u",
    "wo",
    "we",
    "wi",
    "yu",
    "eu",
    "ui",
    "i",
]
ROMAN_FINALS = {0: "", 1: "k", 4: "n", 8: "l", 16: "m", 17: "p", 21: "ng"}
FAMILIES = {
    "김": "Kim", "이": "Lee", "박": "Park", "최": "Choi", "정": "Jung", "강": "Kang", "조": "Cho",
    "윤": "Yoon", "장": "Jang", "임": "Lim", "오": "Oh", "신": "Shin", "류": "Ryu", "유": "Yoo",
    "우": "Woo", "구": "Koo", "문": "Moon", "손": "Sohn", "노": "Roh", "안": "Ahn",
}  # fmt: skip
OTHER_LAW = {
    "이": "리",
    "임": "림",
    "유": "류",
    "류": "유",
    "노": "로",
    "나": "라",
    "양": "량",
    "여": "려",
}
NEAR = {"ㅐ": "ㅔ", "ㅔ": "ㅐ", "ㅓ": "ㅗ", "ㅗ": "ㅜ", "ㅜ": "ㅡ", "ㅕ": "ㅑ", "ㅣ": "ㅡ"}
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"


def mistyped_name(name: str, rng: Random) -> str:
    """One syllable after the family name with another vowel, initial or final letter."""
    spots = [i for i, c in enumerate(name) if i and FIRST <= ord(c) <= LAST]
    if not spots:
        return name
    spot = rng.choice(spots)
    index = ord(name[spot]) - FIRST
    initial, vowel, final = index // 588, index % 588 // 28, index % 28
    match rng.randrange(3):
        case 0:
            vowel = VOWELS.index(NEAR.get(VOWELS[vowel], "ㅓ"))
        case 1:
            initial = rng.randrange(len(INITIALS))
        case _:
            final = rng.choice([0, 4, 21, 16, 8])
    made = chr(FIRST + initial * 588 + vowel * 28 + final)
    return name[:spot] + made + name[spot + 1 :]


def romanised(family: str, given: str, rng: Random) -> str:
    """A name in Latin letters, as its bearer may spell it: KIM MINSU, Min-su Kim, Kim Min Su."""
    if not hangul(family + given):
        return rng.choice((f"{given} {family}", f"{family} {given}".upper()))
    parts = [latin_syllable(c, rng) for c in given]
    last = FAMILIES.get(family) or latin_syllable(family, rng).capitalize()
    match rng.randrange(3):
        case 0:
            return f"{last} {''.join(parts)}".upper()
        case 1:
            return f"{'-'.join(parts).capitalize()} {last}"
        case _:
            return f"{last} {' '.join(p.capitalize() for p in parts)}"


def latin_syllable(syllable: str, rng: Random) -> str:
    """A syllable in Latin letters, as somebody may spell it."""
    index = ord(syllable) - FIRST
    initial, vowel, final = index // 588, index % 588 // 28, index % 28
    middle = ROMAN_VOWELS[vowel]
    if rng.random() < 0.5:
        middle = {"eo": "u", "u": "oo", "eu": "u", "yeo": "you", "i": "ee", "ui": "ee"}.get(
            middle, middle
        )
    begin = ROMAN_INITIALS[initial]
    if begin == "g" and rng.random() < 0.3:
        begin = "k"
    return begin + middle + ROMAN_FINALS.get(final, "t")


def spaced(name: str) -> str:
    """홍길동 → 홍 길동."""
    return f"{name[:1]} {name[1:]}"


def other_law(family: str) -> str:
    """The family name by the other rule of initial sounds: 이 → 리, 유 → 류."""
    return OTHER_LAW.get(family, family)


def mistyped_digits(text: str, rng: Random) -> str:
    """Two neighbouring digits exchanged, or one wrong."""
    spots = [i for i, c in enumerate(text) if c.isdigit()][3:]
    if len(spots) < 2:
        return text
    at = rng.randrange(len(spots) - 1)
    a, b = spots[at], spots[at + 1]
    chars = list(text)
    if rng.random() < 0.5 and chars[a] != chars[b]:
        chars[a], chars[b] = chars[b], chars[a]
    else:
        chars[a] = str((int(chars[a]) + rng.randrange(1, 10)) % 10)
    return "".join(chars)


def mistyped_email(text: str, rng: Random) -> str:
    """One letter of the local part dropped or doubled."""
    local, _, domain = text.partition("@")
    at = rng.randrange(len(local))
    kept = local[:at] + (local[at] * 2 if rng.random() < 0.5 else "") + local[at + 1 :]
    return f"{kept}@{domain}"


def decomposed(text: str) -> str:
    """Hangul as single letters, as files from some systems bring it."""
    return unicodedata.normalize("NFD", text)


def old_prefix(phone: str) -> str:
    """The number before carriers' prefixes were united: 01052001234 → 011-200-1234, if it had one."""
    head, tail = int(phone[3:7]), phone[7:]
    if 5200 <= head <= 5499:
        return f"011-{head - 5000}-{tail}"
    if 3200 <= head <= 3499:
        return f"016-{head - 3000}-{tail}"
    if 2200 <= head <= 2499:
        return f"019-{head - 2000}-{tail}"
    return phone


def hangul(text: str) -> bool:
    """Whether a name can be spelt out syllable by syllable."""
    return all(FIRST <= ord(letter) <= LAST for letter in text)
