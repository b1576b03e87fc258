"""The happy-call programmes of the demo company."""

from __future__ import annotations

import datetime as dt

from dangol.campaigns.models import Campaign
from dangol.campaigns.programmes import add_stage, open_programme
from dangol.places.models import Place
from dangol.purchases.models import Product
from dangol.surveys.models import Survey

ALL_DAY = {str(day): [["00:00", "24:00"]] for day in range(7)}
SCRIPT = (
    "안녕하세요, {customer} 고객님. 한빛자동차 고객센터입니다.\n"
    "{site}에서 {product} 이용하신 지 {days}일이 되어 불편한 점은 없으셨는지 여쭙고자 연락드렸습니다.\n"
    "2분 정도 통화 괜찮으실까요?"
)
SCRIPT_EN = (
    "Hello {customer}, this is Hanbit Motors customer care.\n"
    "It is {days} days since {product} at {site}; we would like to hear whether all is well.\n"
    "Do you have two minutes?"
)
CONFIRM = (
    "안녕하세요, {customer} 고객님. 한빛자동차 고객센터입니다.\n"
    "말씀해 주신 문제를 {site}에서 처리했다고 합니다. 실제로 해결되었는지 확인드리려고 연락드렸습니다."
)
CONFIRM_EN = (
    "Hello {customer}, this is Hanbit Motors customer care.\n"
    "{site} reports that your problem has been solved. Is it so?"
)
PROGRAMMES = [
    # name, English, priority, survey, stages: (name, English, days, kind)
    ("신차 해피콜", "New car happy calls", 4, "sales", "sale",
     [("7일 콜", "Day 7", 7), ("30일 콜", "Day 30", 30)]),
    ("정비 해피콜", "Service happy calls", 5, "service", "service", [("3일 콜", "Day 3", 3)]),
    ("1년 차량 조사", "One-year product calls", 6, "product", "sale", [("365일 콜", "Day 365", 365)]),
]  # fmt: skip


def make_programmes(surveys: dict[str, Survey], starts_on: dt.date) -> list[Campaign]:
    """Open them; the demo calls at any hour, so that it can be tried at any time."""
    company = Place.objects.get(parent=None)
    cars = Product.objects.get(code="CARS")
    common = {"place": company, "hours": ALL_DAY, "country": "", "starts_on": starts_on, "by": None}
    made: list[Campaign] = []
    for name, name_en, priority, survey, kind, stages in PROGRAMMES:
        programme = open_programme(
            name=name, name_en=name_en, priority=priority, quarantine_days=2, **common
        )
        for order, (stage, stage_en, days) in enumerate(stages, 1):
            add_stage(
                programme, order=order, name=stage, name_en=stage_en, days_after=days, kind=kind,
                product=cars if kind == "sale" else None, script=SCRIPT, script_en=SCRIPT_EN,
                questionnaire=surveys[survey].questionnaire, by=None,
            )  # fmt: skip
        made.append(programme)
    confirmation = open_programme(
        name="처리 확인 콜", name_en="Confirmation calls", purpose="confirmation", priority=2,
        quarantine_days=0, **common,
    )  # fmt: skip
    add_stage(
        confirmation, order=1, name="확인", name_en="Confirm", days_after=0, script=CONFIRM,
        script_en=CONFIRM_EN, questionnaire=surveys["confirmation"].questionnaire, by=None,
    )  # fmt: skip
    return [*made, confirmation]
