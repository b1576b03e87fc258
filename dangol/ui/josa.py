"""Korean particles follow the sound before them: 등급이, 사업장이, 지수가."""

import re

_PAIRS = {
    "이(가)": ("이", "가"),
    "은(는)": ("은", "는"),
    "을(를)": ("을", "를"),
    "과(와)": ("과", "와"),
    "으로(로)": ("으로", "로"),
}
_SOUNDED_DIGITS = "013678"  # 영 일 삼 육 칠 팔 end in a consonant
_FIND = re.compile("(.)(" + "|".join(re.escape(pair) for pair in _PAIRS) + ")", re.DOTALL)


def settle(text: str) -> str:
    """Choose the right form of every particle written as a pair, such as 이(가)."""
    return _FIND.sub(lambda m: m[1] + _chosen(m[1], m[2]), text)


def _chosen(before: str, pair: str) -> str:
    closed, open_ = _PAIRS[pair]
    last = ord(before) - 0xAC00
    if 0 <= last < 11172:
        final = last % 28
        if pair == "으로(로)" and final == 8:  # ㄹ
            return open_
        return closed if final else open_
    if before.isdigit():
        return closed if before in _SOUNDED_DIGITS else open_
    return closed if before.lower() in "lmn" else open_
