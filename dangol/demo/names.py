"""Plausible names: surnames by their real shares, given names by syllables in use."""

from __future__ import annotations

import numpy as np

SURNAMES = [
    "김",
    "이",
    "박",
    "최",
    "정",
    "강",
    "조",
    "윤",
    "장",
    "임",
    "한",
    "오",
    "서",
    "신",
    "권",
    "황",
    "안",
    "송",
    "류",
    "전",
    "홍",
    "고",
    "문",
    "양",
    "손",
    "배",
    "백",
    "허",
    "유",
    "남",
    "심",
    "노",
    "하",
    "곽",
    "성",
    "차",
    "주",
    "우",
    "구",
    "민",
    "진",
    "지",
    "엄",
    "채",
    "원",
    "천",
    "방",
    "공",
    "현",
    "함",
    "변",
    "염",
    "여",
    "추",
    "도",
    "소",
    "석",
    "선",
    "설",
    "마",
    "길",
    "연",
]
SHARES = [
    21.5,
    14.7,
    8.4,
    4.7,
    4.3,
    2.4,
    2.1,
    2.1,
    2.0,
    1.7,
    1.5,
    1.5,
    1.5,
    1.5,
    1.4,
    1.4,
    1.4,
    1.3,
]
FIRST = [
    "민",
    "서",
    "지",
    "예",
    "하",
    "도",
    "수",
    "현",
    "준",
    "은",
    "영",
    "태",
    "승",
    "재",
    "정",
    "성",
    "동",
    "상",
    "진",
    "유",
    "윤",
    "시",
    "다",
    "나",
    "경",
    "미",
    "선",
    "혜",
    "소",
    "주",
    "규",
    "기",
    "병",
    "종",
]
SECOND = [
    "준",
    "우",
    "호",
    "민",
    "현",
    "서",
    "진",
    "연",
    "윤",
    "원",
    "영",
    "수",
    "희",
    "은",
    "아",
    "빈",
    "혁",
    "훈",
    "석",
    "철",
    "환",
    "규",
    "식",
    "기",
    "숙",
    "자",
    "순",
    "옥",
    "미",
    "경",
    "정",
    "인",
    "율",
    "린",
    "솔",
    "결",
    "찬",
    "범",
    "용",
    "태",
    "섭",
    "일",
]
FOREIGN = [
    "James Smith",
    "Maria Garcia",
    "Nguyen Van An",
    "Wang Wei",
    "Tanaka Yuki",
    "Emily Johnson",
    "Li Na",
    "Somchai Jaidee",
    "Anna Müller",
    "David Brown",
    "Olga Ivanova",
    "Rahul Sharma",
    "Fatima Khan",
    "Jean Dupont",
    "Carlos Silva",
]
COMPANIES_A = [
    "한울",
    "대성",
    "세진",
    "동방",
    "미래",
    "서광",
    "태양",
    "금강",
    "삼정",
    "우진",
    "청솔",
    "하나",
    "은성",
    "누리",
    "가온",
    "다온",
    "아람",
    "한빛",
]
COMPANIES_B = [
    "산업",
    "물산",
    "건설",
    "상사",
    "전자",
    "정밀",
    "푸드",
    "로지스",
    "테크",
    "엔지니어링",
    "운수",
    "렌터카",
]
ENGLISH = [
    "drive",
    "blue",
    "sun",
    "sky",
    "road",
    "star",
    "moon",
    "river",
    "hill",
    "mint",
    "lime",
    "happy",
    "daily",
    "good",
    "one",
]


def person_names(rng: np.random.Generator, n: int) -> np.ndarray:
    """Names of n persons; three in a thousand are written in Latin letters."""
    rest = len(SURNAMES) - len(SHARES)
    weights = np.array(SHARES + list(np.linspace(1.2, 0.1, rest)))
    surnames = rng.choice(SURNAMES, n, p=weights / weights.sum())
    given = np.char.add(rng.choice(FIRST, n), rng.choice(SECOND, n))
    names = np.char.add(surnames.astype("U20"), given.astype("U20")).astype("U40")
    foreign = rng.random(n) < 0.003
    names[foreign] = rng.choice(FOREIGN, int(foreign.sum()))
    return names


def company_names(rng: np.random.Generator, n: int) -> np.ndarray:
    """Names of n organisations."""
    names = np.char.add(rng.choice(COMPANIES_A, n), rng.choice(COMPANIES_B, n))
    return np.char.add("㈜", names.astype("U30"))


def mobile_numbers(rng: np.random.Generator, n: int) -> np.ndarray:
    """n different mobile numbers in E.164, from the block 010-2… to 010-9…."""
    picked = (
        rng.choice(80_000_000, n, replace=False)
        if n < 2_000_000
        else np.arange(n) * 37 % 80_000_000
    )
    return np.char.add("+8210", (picked + 20_000_000).astype("U8"))


def email_addresses(rng: np.random.Generator, n: int) -> np.ndarray:
    """n different addresses in domains kept for examples."""
    words = rng.choice(ENGLISH, n).astype("U20")
    domains = rng.choice(["example.com", "example.net", "example.org"], n)
    numbers = np.arange(n).astype("U8")
    return np.char.add(np.char.add(np.char.add(words, numbers), "@"), domains)
