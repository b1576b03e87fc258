"""Pages of the style guide."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.ui.style import samples
from dangol.ui.toast import toast


def guide(request):
    """Every component on one page."""
    sent = {"phone": "010-2345-6789", "way": "p", "tier": "g"}
    forms = {key: samples.SampleForm(sent, auto_id=f"{key}_%s") for key in ("light", "dark")}
    now = timezone.now()
    context = {
        "form": samples.SampleForm(),
        "forms": forms,
        "course": samples.COURSE,
        "neutrals": samples.NEUTRALS,
        "meant": samples.MEANT,
        "types": samples.TYPES,
        "happenings": samples.happenings(),
        "columns": ["사업장", ("지수", "number"), ("상담", "number"), ("케이스", "number")],
        "rows": samples.table_rows(),
        "charts": samples.charts().items(),
        "soon": now + timedelta(minutes=12),
        "turn": now + timedelta(hours=2),
        "before": now - timedelta(minutes=37),
        "tabs": [
            ("all", "전체", "#tabs", "1,204"),
            ("mine", "내 담당", "#tabs", 18),
            ("late", "지연", "#tabs", 3),
        ],
        "step_names": ["파일", "열 맞추기", "확인", "가져오기"],
        "facts": {
            "등급": "골드",
            "차량": "하나 2.0 · 12가 3456",
            "사업장": "강남지점",
            "동의": None,
        },
        "heat": [58.2, 63.4, 68.9, 72.1, 75.5, 79.8, 84.3, 91.0],
        "empty_list": [],
    }
    return render(request, "ui/style/guide.html", context)


def wall(request):
    """The wall of a call centre."""
    return render(
        request, "ui/style/wall.html", {"course": samples.COURSE, "rows": samples.table_rows()}
    )


def plain(request):
    """A page without frame."""
    return render(request, "ui/style/plain.html", {"form": samples.SampleForm()})


def part(request):
    """What a panel on demand brings."""
    return render(request, "ui/style/part.html", {"happenings": samples.happenings()[:2]})


def deed(request):
    """Something was done, and can be undone."""
    return toast(HttpResponse(), _("The case is closed"), undo=request.path)
