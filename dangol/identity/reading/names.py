"""Names of people, so that two spellings of one name can be compared letter by letter.

Hangul is written as one ASCII character per letter (Unicode Standard 3.12: a syllable is
((initial · 21) + vowel) · 28 + final), because edit distances of databases count bytes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

FIRST, LAST = 0xAC00, 0xD7A3
INITIALS = "ABCDEFGHIJKLMNOPQRS"  # ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ
VOWELS = "abcdefghijklmnopqrstu"
FINALS = " AB1CTUDFWXYZ023GH4JKLMOPQRS"
"""Final letters are written as the same initial letter; pairs such as ㄺ have signs of their own."""

MODERN_FAMILY = {
    "리": "이", "림": "임", "류": "유", "라": "나", "로": "노", "량": "양", "려": "여", "륙": "육",
    "렴": "염", "룡": "용", "녀": "여", "년": "연",
}  # fmt: skip
"""두음법칙: the family name as the South writes it at the beginning of a word."""

TWO_SYLLABLES = {"남궁", "황보", "제갈", "선우", "사공", "서문", "독고", "동방", "망절"}

LATIN_FAMILIES = {
    "kim": "김", "gim": "김", "lee": "이", "yi": "이", "rhee": "이", "ri": "이", "i": "이",
    "park": "박", "bak": "박", "pak": "박", "choi": "최", "choe": "최", "jung": "정", "jeong": "정",
    "chung": "정", "cheong": "정", "kang": "강", "gang": "강", "cho": "조", "jo": "조",
    "yoon": "윤", "yun": "윤", "jang": "장", "chang": "장", "lim": "임", "im": "임", "rim": "임",
    "yim": "임", "han": "한", "oh": "오", "o": "오", "seo": "서", "suh": "서", "shin": "신",
    "sin": "신", "kwon": "권", "gwon": "권", "hwang": "황", "ahn": "안", "an": "안", "song": "송",
    "ryu": "유", "yoo": "유", "yu": "유", "you": "유", "jeon": "전", "jun": "전", "chun": "전",
    "hong": "홍", "ko": "고", "go": "고", "koh": "고", "moon": "문", "mun": "문", "yang": "양",
    "sohn": "손", "son": "손", "bae": "배", "pae": "배", "baek": "백", "paik": "백", "heo": "허",
    "hur": "허", "huh": "허", "nam": "남", "sim": "심", "shim": "심", "roh": "노", "noh": "노",
    "no": "노", "ha": "하", "kwak": "곽", "gwak": "곽", "sung": "성", "seong": "성", "cha": "차",
    "joo": "주", "ju": "주", "woo": "우", "koo": "구", "gu": "구", "min": "민", "jin": "진",
    "ji": "지", "chi": "지", "um": "엄", "eom": "엄", "won": "원", "bang": "방", "gong": "공",
    "kong": "공", "hyun": "현", "ham": "함", "byun": "변", "yeo": "여", "choo": "추", "do": "도",
    "so": "소", "seok": "석", "sun": "선", "ma": "마", "gil": "길", "kil": "길",
}  # fmt: skip
"""Family names as their bearers commonly spell them."""

SOUNDS = {
    "A": "K", "B": "K", "C": "N", "D": "T", "E": "T", "F": "L", "G": "M", "H": "P", "I": "P",
    "J": "S", "K": "S", "L": "", "M": "J", "N": "J", "O": "J", "P": "K", "Q": "T", "R": "P",
    "S": "H",
}  # fmt: skip
VOWEL_SOUNDS = "AEAEOEOEOAEEOOOEIOOII"
FINAL_SOUNDS = {"L": "N", "J": "T", "K": "T", "M": "T", "O": "T", "S": "", " ": ""}

LATIN_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ng", "N"), (r"ch|jj|j", "J"), (r"sh|ss|s", "S"), (r"kk|gg|ck|[kgqc]", "K"), (r"tt|dd|[td]", "T"),
        (r"pp|bb|[pbf]", "P"), (r"rr|ll|[rl]", "L"), (r"n", "N"), (r"m", "M"),
        (r"(?<=[aeou])h(?![aeiouy])", ""), (r"h", "H"),
        (r"y(?=[aeou])|w(?=[aeiou])", ""), (r"ui|ee|wi|[iy]", "I"), (r"ae|ai|ay|oe|e(?![ou])", "E"),
        (r"eo|eu|ou|oo|uh|[ou]", "O"), (r"a", "A"),
    )
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name taken apart."""

    whole: str
    """Letters of the whole name, without blanks: what is compared letter by letter."""
    family: str
    given: str
    sound: str
    """How the given name sounds, the same from Hangul and from Latin letters."""
    latin: bool


NOBODY = Name("", "", "", "", False)


@lru_cache(maxsize=400_000)
def read_name(text: str) -> Name:
    """A person's name; an empty one when there are no letters in it."""
    composed = unicodedata.normalize("NFC", text)
    hangul = "".join(c for c in composed if FIRST <= ord(c) <= LAST)
    if len(hangul) > 1:
        return _korean(hangul)
    latin = parted(composed.replace(hangul, ""))
    words = [w for w in re.split(r"[^\w-]+|\d+", _plain(latin)) if w]
    if not words:
        return _korean(hangul) if hangul else NOBODY
    return _foreign(words, MODERN_FAMILY.get(hangul, hangul))


def read_parts(given: str, family: str) -> Name:
    """A name whose parts stand apart; in Hangul they are put together as one name."""
    if any(FIRST <= ord(c) <= LAST for c in unicodedata.normalize("NFC", given + family)):
        return read_name(family + given)
    first, last = (re.sub(r"[^a-z]", "", _plain(part)) for part in (given, family))
    return Name(last + first, last, first, sound_of_latin(first), True)


def _korean(text: str) -> Name:
    size = 2 if text[:2] in TWO_SYLLABLES and len(text) > 2 else 1
    family = MODERN_FAMILY.get(text[0], text[0]) if size == 1 else text[:2]
    given = text[size:]
    codes = coded(family), coded(given)
    return Name(codes[0] + codes[1], codes[0], codes[1], sound_of_hangul(given), False)


TOGETHER = re.compile(r"(?:[A-Z][a-z]+){2,4}")
"""A name written together, with each of its parts beginning large: KhanFatima."""
PREFIXES = re.compile(r"(?:Mc|Mac|De|Di|Du|La|Le|Van|Von|Fitz|El|Al|Ibn)[A-Z][a-z]+")
"""One family name alone that is written so: McDonald."""


def parted(text: str) -> str:
    """The parts of a Latin name that is written together, with blanks between them."""
    word = text.strip()
    if not TOGETHER.fullmatch(word) or PREFIXES.fullmatch(word):
        return text
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", word)


def _foreign(words: list[str], family: str) -> Name:
    """Latin letters: the family name is the first or the last word that is known as one, else, as
    abroad, the last of several.

    A word with a hyphen (Min-su) is a given name.
    """
    if len(words) > 1 and not family and not {words[0], words[-1]} & LATIN_FAMILIES.keys():
        last = re.sub(r"[^a-z]", "", words[-1])
        rest = [part for w in words[:-1] for part in w.split("-") if part]
        given = "".join(rest)
        sound = _joined(sound_of_latin(p) for p in rest)
        return Name(last + given, last, given, sound, True)
    ends = [0, len(words) - 1] if len(words) > 1 and not family else []
    at = next((i for i in ends if words[i] in LATIN_FAMILIES), -1)
    if at >= 0:
        family = LATIN_FAMILIES[words[at]]
    rest = [part for i, w in enumerate(words) if i != at for part in w.split("-") if part]
    code, given = coded(family), "".join(rest)
    return Name(code + given, code, given, _joined(sound_of_latin(p) for p in rest), True)


def coded(text: str) -> str:
    """Hangul syllables as one character per letter."""
    out = []
    for char in text:
        index = ord(char) - FIRST
        final = FINALS[index % 28] if index % 28 else ""
        out.append(INITIALS[index // 588] + VOWELS[index % 588 // 28] + final)
    return "".join(out)


def sound_of_hangul(text: str) -> str:
    """Hangul as classes of sounds."""
    out = []
    for char in text:
        index = ord(char) - FIRST
        final = FINALS[index % 28] if index % 28 else " "
        end = FINAL_SOUNDS.get(final, SOUNDS.get(final, "K"))
        out.append(SOUNDS[INITIALS[index // 588]] + VOWEL_SOUNDS[index % 588 // 28] + end)
    return _joined(out)


def sound_of_latin(text: str) -> str:
    """Latin letters as the same classes of sounds."""
    found = text
    for pattern, sound in LATIN_SOUNDS:
        found = pattern.sub(sound, found)
    return re.sub(r"[^A-Z]", "", found)


def _joined(sounds: Iterable[str]) -> str:
    """Sounds in a row; the same one twice is heard once."""
    return re.sub(r"(.)\1+", r"\1", "".join(sounds))


def _plain(word: str) -> str:
    found = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in found if not unicodedata.combining(c))
