"""The segments of the demo company: what a car maker's marketer asks first."""

from __future__ import annotations

from typing import Any

from dangol.places.models import Place
from dangol.purchases.models import Product
from dangol.segments.actions import make_segment
from dangol.segments.models import Segment

VISIT = {"column": "kind", "is": ["service"]}
SALE = {"column": "kind", "is": ["sale"]}
UNHAPPY = [
    {"column": "item", "is": ["overall"]}, {"column": "counts", "is": [True]},
    {"column": "score", "to": 50_000},
]  # fmt: skip


def make_segments() -> list[Segment]:
    """Make them; the worker counts them once the lake is there."""
    company = Place.objects.get(parent=None)
    cars = str(Product.objects.get(code="CARS").pk)
    visits = {"of": "transactions", "where": [VISIT]}
    regulars = {"count": visits | {"days": 730}, "from": 3}
    rules: list[tuple[str, str, str, Any]] = [
        ("정비 단골", "Service regulars", "최근 2년 동안 세 번 이상 정비하러 온 고객이에요.", regulars),
        ("발길이 끊긴 단골", "Regulars who stay away", "자주 오던 고객이 반년 넘게 오지 않았어요.",
         {"all": [{"count": visits, "from": 3}, {"last": visits, "from": 180}]}),
        ("새 차 후 첫 정비 없음", "New car, no first service", "새 차를 산 뒤 400일 안에 정비하러 오지 않았어요.",
         {"sequence": {"first": {"of": "transactions", "where": [SALE]}, "then": visits, "days": 400, "absent": True}}),
        ("불만을 말한 고객", "Unhappy voices", "최근 1년 동안 전반 만족을 50점 이하로 답했어요.",
         {"count": {"of": "answers", "where": UNHAPPY, "days": 365}, "from": 1}),
        ("교체 시기 고객", "Due for a new car", "산 지 5년이 넘었고, 그 뒤로 새로 사지 않았어요.",
         {"all": [{"count": {"of": "ownerships", "where": [{"column": "product", "below": [cars]}]}, "from": 1},
                  {"last": {"of": "transactions", "where": [SALE]}, "from": 1826}]}),
    ]  # fmt: skip
    made = [
        make_segment(
            name=name, name_en=name_en, description=told, place=company, rule=rule, by=None
        )
        for name, name_en, told, rule in rules
    ]
    asks = {"segment": str(made[0].pk)}
    quiet = {"minus": [asks, {"segment": str(made[3].pk)}]}
    made.append(
        make_segment(
            name="만족한 단골 표본", name_en="Sample of content regulars", place=company, by=None,
            description="불만이 없는 단골의 20%예요. 추천을 부탁할 때 써요.",
            rule={"all": [quiet, {"sample": {"percent": 20, "salt": 1}}]},
        )
    )  # fmt: skip
    return made
