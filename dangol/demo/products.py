"""What the demo company sells: models with price and share, services, accessories, and who wants what.

Two tables are hidden truth: LIKES says who wants a thing more or less than others, THEN what is
wanted after it.
"""

from __future__ import annotations

FAMILIES = [
    # code, name, English, models: (code, name, English, price in KRW, share of sales)
    ("SEDAN", "세단", "Sedans", [
        ("HB-A3", "아람 3", "Aram 3", 23_500_000, 0.16), ("HB-A5", "아람 5", "Aram 5", 31_800_000, 0.14),
        ("HB-G8", "그란 8", "Gran 8", 52_400_000, 0.07)]),
    ("SUV", "SUV", "SUVs", [
        ("HB-T1", "터 1", "Teo 1", 25_900_000, 0.13), ("HB-T3", "터 3", "Teo 3", 36_200_000, 0.17),
        ("HB-T7", "터 7", "Teo 7", 48_900_000, 0.10)]),
    ("EV", "전기차", "Electric", [
        ("HB-E2", "이온 2", "Ion 2", 39_900_000, 0.07), ("HB-E4", "이온 4", "Ion 4", 55_500_000, 0.06)]),
    ("VAN", "상용", "Vans", [
        ("HB-V1", "나르 1", "Naru 1", 28_400_000, 0.06), ("HB-V5", "나르 5", "Naru 5", 41_000_000, 0.04)]),
]  # fmt: skip
SERVICES = [
    # code, name, English, price in KRW, share of visits
    ("SVC-CHECK", "정기 점검", "Regular check", 89_000, 0.34),
    ("SVC-OIL", "엔진 오일 교환", "Oil change", 120_000, 0.24),
    ("SVC-REPAIR", "일반 수리", "Repair", 340_000, 0.12),
    ("SVC-BODY", "판금·도장", "Body and paint", 620_000, 0.05),
    ("SVC-RECALL", "리콜 조치", "Recall", 0, 0.04),
    ("SVC-BRAKE", "브레이크 정비", "Brake service", 260_000, 0.06),
    ("SVC-ALIGN", "휠 얼라인먼트", "Wheel alignment", 70_000, 0.03),
]
ACCESSORIES = [
    ("ACC-FILTER", "에어컨 필터", "Cabin filter", 35_000, 0.05),
    ("ACC-TYRE", "타이어", "Tyres", 560_000, 0.05),
    ("ACC-CAM", "블랙박스", "Dash camera", 290_000, 0.03),
    ("ACC-TINT", "유리 썬팅", "Window tint", 380_000, 0.02),
    ("ACC-ROOF", "루프 박스", "Roof box", 640_000, 0.012),
    ("ACC-TENT", "차박 텐트", "Car tent", 420_000, 0.008),
    ("ACC-POWER", "휴대용 전원", "Portable power", 330_000, 0.006),
    ("ACC-SEAT", "어린이 시트", "Child seat", 310_000, 0.012),
    ("ACC-BUGGY", "유아차 거치대", "Pushchair rack", 150_000, 0.006),
    ("ACC-HOME", "가정용 충전기", "Home charger", 1_150_000, 0.010),
    ("ACC-CABLE", "충전 케이블", "Charging cable", 280_000, 0.008),
    ("ACC-RACK", "적재함 선반", "Cargo shelves", 450_000, 0.010),
]
USED_FOR: dict[str, dict[str, float]] = {
    "SEDAN": {"commute": 1.6, "leisure": 0.5}, "SUV": {"leisure": 2.2, "family": 1.7},
    "EV": {"commute": 1.5, "business": 0.6}, "VAN": {"business": 6.0, "commute": 0.2, "leisure": 0.5},
}  # fmt: skip
"""How much likelier who uses a car so is to buy one of a family."""
ONCE = "ACC-"
"""What is bought once by a customer: everything whose code begins so, but FILTER and TYRE."""
AGAIN = frozenset({"ACC-FILTER", "ACC-TYRE"})
LIKES: dict[str, dict[str, float]] = {
    "SVC-OIL": {"EV": 0.0, "VAN": 1.6}, "SVC-CHECK": {"EV": 1.3},
    "SVC-BRAKE": {"VAN": 2.0, "business": 1.5}, "ACC-TYRE": {"EV": 1.8, "VAN": 1.4, "business": 1.3},
    "ACC-CAM": {"commute": 2.0, "business": 2.5}, "ACC-TINT": {"SEDAN": 1.6, "commute": 1.5},
    "ACC-ROOF": {"SUV": 2.0, "leisure": 8.0, "business": 0.2},
    "ACC-TENT": {"SUV": 2.0, "leisure": 9.0, "business": 0.1},
    "ACC-POWER": {"leisure": 6.0, "EV": 0.5, "business": 0.3},
    "ACC-SEAT": {"family": 9.0, "business": 0.1, "leisure": 0.5},
    "ACC-BUGGY": {"family": 9.0, "business": 0.1, "leisure": 0.4},
    "ACC-HOME": {"EV": 12.0, "SEDAN": 0.0, "SUV": 0.0, "VAN": 0.0},
    "ACC-CABLE": {"EV": 12.0, "SEDAN": 0.0, "SUV": 0.0, "VAN": 0.0},
    "ACC-RACK": {"VAN": 10.0, "business": 2.0, "SEDAN": 0.1, "EV": 0.2},
}  # fmt: skip
"""How much likelier owners of a family, or people who use their car so, are to want a thing."""
THEN: dict[str, dict[str, float]] = {
    "SVC-OIL": {"ACC-FILTER": 4.0}, "SVC-CHECK": {"SVC-BRAKE": 3.0, "ACC-TYRE": 2.0},
    "ACC-TYRE": {"SVC-ALIGN": 12.0}, "SVC-BODY": {"ACC-CAM": 8.0}, "ACC-CAM": {"ACC-TINT": 6.0},
    "ACC-ROOF": {"ACC-TENT": 14.0}, "ACC-TENT": {"ACC-POWER": 18.0}, "ACC-SEAT": {"ACC-BUGGY": 16.0},
    "ACC-HOME": {"ACC-CABLE": 14.0}, "SVC-REPAIR": {"SVC-CHECK": 1.5},
}  # fmt: skip
"""What is likelier at the next visit after a thing."""
