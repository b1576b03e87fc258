"""Plausible Korean people, made fast: surnames and syllables by their real shares."""

from __future__ import annotations

import numpy as np

# Shares of the most frequent surnames, Statistics Korea, census of 2015 (in thousandths).
SURNAMES = {
    "김": 215, "이": 147, "박": 84, "최": 47, "정": 43, "강": 24, "조": 21, "윤": 21, "장": 20,
    "임": 17, "한": 15, "오": 15, "서": 15, "신": 15, "권": 14, "황": 14, "안": 14, "송": 14,
    "전": 11, "홍": 11, "유": 10, "고": 9, "문": 9, "양": 9, "손": 9, "배": 8, "백": 7, "허": 7,
    "남": 6, "심": 5, "노": 5, "하": 5, "곽": 4, "성": 4, "차": 4, "주": 4, "우": 4, "구": 4,
}  # fmt: skip
FIRST = "민서지현수영준은정성진상재미경승윤동혜유예도하주시태선호종기병명희소나연인광우원용규보세"
SECOND = "준서현우진영수민호희경아은연정숙자미선훈석철환원빈혁규식기윤지혜주나람솔별결율찬성"


def names(count: int, seed: int) -> list[str]:
    """Names of three syllables; frequent ones are frequent."""
    draw = np.random.default_rng(seed)
    weights = np.array(list(SURNAMES.values()), dtype=float)
    surnames = draw.choice(list(SURNAMES), count, p=weights / weights.sum())
    return [
        a + b + c
        for a, b, c in zip(
            surnames, zipf(draw, FIRST, count), zipf(draw, SECOND, count), strict=True
        )
    ]


def zipf(draw: np.random.Generator, letters: str, count: int) -> np.ndarray:
    """Letters drawn with falling frequency."""
    weights = 1 / np.arange(1, len(letters) + 1) ** 0.6
    return draw.choice(list(letters), count, p=weights / weights.sum())


def phone(i: int) -> str:
    """A mobile number of its own for each i."""
    scattered = i * 7_919_317 % 100_000_000
    return f"010-{scattered // 10_000:04}-{scattered % 10_000:04}"
