"""Goals, a watch and a kept view of the demo company: what its management looks at."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from dangol.core.models import User
from dangol.cubes.actions import save_view, set_goal, set_watch
from dangol.places.models import Place
from dangol.purchases.models import Transaction

GOALS = (
    ("만족도 지수 85점", "Index of 85", "satisfaction", "index", 85.0),
    ("낮은 응답 3% 이하", "Low answers at 3% or less", "satisfaction", "low_share", 3.0),
    ("접촉률 75%", "Reach rate of 75%", "calls", "reach_rate", 75.0),
    ("오정보율 3% 이하", "Misinformation at 3% or less", "quality", "misinformation_rate", 3.0),
    ("이틀 안에 해결", "Resolved within two days", "cases", "cycle_median", 2880.0),
)


def make_goals(analyst: User) -> None:
    """This year's goals of the company, of each business unit the index, and of sales their number."""
    today = timezone.localdate()
    first, last = today.replace(month=1, day=1), today.replace(month=12, day=31)
    company = Place.objects.get(parent=None)
    sold = Transaction.objects.filter(at__date__gte=first, at__date__lte=today).count()
    year = round(sold * 1.04 * 365 / ((today - first).days + 1), -2)
    goals = [*GOALS, ("거래 건수", "Transactions", "sales", "transactions", float(year))]
    for name, name_en, subject, measure, value in goals:
        set_goal(
            name=name, name_en=name_en, subject=subject, measure=measure, place=company,
            value=value, first=first, last=last, by=analyst,
        )  # fmt: skip
    for unit in Place.objects.filter(kind="unit").order_by("lo"):
        set_goal(
            name=f"{unit.name} 만족도", name_en=f"Index of {unit.name_en or unit.name}", place=unit,
            subject="satisfaction", measure="index", value=84.0,
            first=today - dt.timedelta(days=90), last=last, by=analyst,
        )  # fmt: skip


def make_analyses(email: str) -> None:
    """What the analyst keeps and has watched."""
    analyst = User.objects.get(email=email)
    make_goals(analyst)
    save_view(
        name="지역별 월 지수", address="subject=satisfaction&rows=region&columns=month&measures=index&period=12m&look=heat",
        sharing="everyone", by=analyst,
    )  # fmt: skip
    set_watch(
        name="지역 만족도 급변", address="subject=satisfaction&rows=region&measures=index", measure="index",
        test="sudden", owner=analyst, by=analyst,
    )  # fmt: skip
