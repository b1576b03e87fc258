"""Invented numbers and people for the style guide."""

import math
from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

COURSE = [71.2, 71.9, 71.4, 72.8, 73.1, 72.6, 74.0, 74.4, 75.1, 74.8, 76.2, 77.4]
NEUTRALS = [f"n{n}" for n in range(1, 13)]
MEANT = [
    "accent",
    "accent-soft",
    "good",
    "good-soft",
    "watch",
    "watch-soft",
    "bad",
    "bad-soft",
    "info",
    "info-soft",
]
TYPES = [40, 28, 20, 16, 14, 13, 12]
SITES = ["강남지점", "해운대서비스센터", "마포지점", "수원지점", "둔산지점", "광주서비스센터"]


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Name"), help_text=_("As it stands on the contract"))
    phone = forms.CharField(label=_("Phone"), required=False)
    tier = forms.ChoiceField(
        label=_("Tier"), choices=[("g", "골드"), ("s", "실버"), ("b", "브론즈")]
    )
    due = forms.DateField(label=_("Due"), required=False, widget=forms.DateInput({"type": "date"}))
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea({"rows": 3}))
    way = forms.ChoiceField(
        label=_("Best way to reach"),
        choices=[("p", _("Phone")), ("m", _("E-mail")), ("t", _("Text"))],
        widget=forms.RadioSelect,
    )
    agreed = forms.BooleanField(label=_("Agrees to happy calls"), required=False)


def happenings():
    """A short timeline."""
    now = timezone.now()
    return [
        {
            "at": now - timedelta(minutes=4),
            "title": "해피콜 완료 · 만족도 4.6",
            "by": "김서연 상담사",
            "icon": "phone-outgoing",
            "meaning": "good",
            "text": "“친절하게 설명해 주셔서 좋았어요. 다음 점검도 여기서 받을게요.”",
        },
        {
            "at": now - timedelta(hours=3),
            "title": "케이스 접수 · 시트 소음",
            "by": "강남지점",
            "icon": "flag",
            "meaning": "bad",
            "text": "주행 중 조수석에서 소리가 남. 점검 예약을 원함.",
        },
        {
            "at": now - timedelta(days=2),
            "title": "방문 · 정기점검",
            "by": "해운대서비스센터",
            "icon": "map-pin",
        },
        {
            "at": now - timedelta(days=31),
            "title": "구매 · 하나 2.0",
            "by": "마포지점",
            "icon": "shopping-bag",
            "meaning": "info",
        },
    ]


def table_rows():
    """Sites with their index."""
    return [
        [site, f"{82.4 - i * 1.7:.1f}", f"{412 - i * 37}", f"{12 + i * 3}"]
        for i, site in enumerate(SITES)
    ]


COMPANY = [72.5 + math.sin(i / 2) for i in range(12)]
INBOUND = [320 + (i * 37) % 90 for i in range(12)]
HAPPY_CALLS = [180 + (i * 53) % 70 for i in range(12)]


def charts() -> dict:
    """One description for each kind of chart."""
    months = [f"{m}월" for m in range(1, 13)]
    low_high = [[v - 1.6, v + 1.6] for v in COURSE]
    return {
        "line": {
            "kind": "line",
            "x": months,
            "digits": 1,
            "series": [
                {"name": "구간", "role": "interval", "data": low_high},
                {"name": "강남지점", "role": "main", "data": COURSE},
                {"name": "전사", "role": "compare", "data": COMPANY},
                {"name": "목표", "role": "goal", "data": [76] * 12},
            ],
        },
        "rank": {
            "kind": "rank",
            "x": SITES,
            "digits": 1,
            "max": 100,
            "spoken": [0],
            "intervals": [[80.1 - i * 1.7, 84.9 - i * 1.7] for i in range(6)],
            "series": [{"name": "만족도 지수", "data": [82.4 - i * 1.7 for i in range(6)]}],
        },
        "bar": {
            "kind": "bar",
            "x": months,
            "digits": 0,
            "series": [
                {"name": "인바운드", "data": INBOUND, "stack": "a"},
                {"name": "해피콜", "data": HAPPY_CALLS, "stack": "a"},
            ],
        },
        "heat": {
            "kind": "heat",
            "x": [f"{h}시" for h in range(9, 19)],
            "y": list("월화수목금"),
            "data": [[h, d, (h * 7 + d * 13) % 40] for h in range(10) for d in range(5)],
        },
    }
