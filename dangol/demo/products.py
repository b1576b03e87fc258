"""What the demo company sells: families, lines, models with price and warranty."""

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
    ("SVC-CHECK", "정기 점검", "Regular check", 89_000, 0.42),
    ("SVC-OIL", "엔진 오일 교환", "Oil change", 120_000, 0.24),
    ("SVC-REPAIR", "일반 수리", "Repair", 340_000, 0.18),
    ("SVC-BODY", "판금·도장", "Body and paint", 620_000, 0.08),
    ("SVC-RECALL", "리콜 조치", "Recall", 0, 0.08),
]
