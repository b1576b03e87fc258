"""The surveys and indexes that a company starts with."""

from __future__ import annotations

from typing import Any

Words = dict[str, str]


def _w(ko: str, en: str) -> Words:
    return {"ko": ko, "en": en}


SATISFIED = {
    "low": 1,
    "high": 5,
    "labels": {
        "low": _w("매우 불만족", "Very dissatisfied"),
        "high": _w("매우 만족", "Very satisfied"),
    },
}
LIKELY = {
    "labels": {"low": _w("전혀 아니다", "Not at all"), "high": _w("꼭 추천한다", "Certainly")}
}


def _scale(key: str, ko: str, en: str, **more: Any) -> dict[str, Any]:
    scale = {"key": key, "type": "scale", "item": key, "scale": SATISFIED, "required": True}
    return {**scale, "text": _w(ko, en), **more}


def _ending(lowest: str) -> list[dict[str, Any]]:
    """What every happy call asks last: why, would you recommend us, your words, shall we call."""
    return [
        {
            "key": "why", "type": "text",
            "text": _w("어떤 점이 아쉬우셨나요?", "What fell short?"),
            "show_if": {"question": lowest, "op": "le", "value": 2},
        },
        {
            "key": "nps", "type": "nps", "item": "nps", "scale": LIKELY,
            "text": _w("주변에 추천하실 의향은 어느 정도인가요?", "How likely are you to recommend us?"),
        },
        {
            "key": "voice", "type": "text",
            "text": _w("더 하고 싶은 말씀이 있으신가요?", "Is there anything you would like to add?"),
        },
        {
            "key": "call_me", "type": "yesno", "call_me": True,
            "text": _w("담당자가 연락드리기를 원하시나요?", "Shall somebody call you?"),
        },
    ]  # fmt: skip


SALES = [
    _scale("reception", "매장에서의 응대는 만족스러우셨나요?", "How satisfied were you with your reception?"),
    _scale("explanation", "차량 설명은 충분했나요?", "How satisfied were you with the explanation of the car?"),
    _scale("contract", "계약 과정은 투명하고 편리했나요?", "How satisfied were you with the contract?"),
    _scale("delivery", "약속한 날에 약속한 상태로 인도받으셨나요?", "How satisfied were you with the delivery?"),
    _scale("overall", "이번 구매에 전반적으로 얼마나 만족하시나요?", "Overall, how satisfied are you with this purchase?"),
    *_ending("overall"),
]  # fmt: skip
SERVICE = [
    _scale("booking", "예약과 접수는 편리했나요?", "How satisfied were you with booking and reception?"),
    _scale("explanation", "정비 내용과 비용 설명은 충분했나요?", "How satisfied were you with the explanation of work and price?"),
    _scale("time_kept", "약속한 시간이 지켜졌나요?", "Was the promised time kept?"),
    _scale("repair", "정비 결과에 만족하시나요?", "How satisfied are you with the repair?"),
    {
        "key": "fixed_first", "type": "yesno",
        "text": _w("한 번의 방문으로 해결되었나요?", "Was it fixed at the first visit?"),
    },
    _scale("overall", "이번 서비스에 전반적으로 얼마나 만족하시나요?", "Overall, how satisfied are you with this service?"),
    *_ending("overall"),
]  # fmt: skip
PRODUCT = [
    _scale("performance", "주행 성능에 만족하시나요?", "How satisfied are you with the performance?"),
    _scale("quality", "마감과 품질에 만족하시나요?", "How satisfied are you with the quality?"),
    _scale("economy", "연비와 유지비에 만족하시나요?", "How satisfied are you with the running costs?"),
    _scale("comfort", "승차감과 편의 기능에 만족하시나요?", "How satisfied are you with comfort and convenience?"),
    {
        "key": "trouble", "type": "multi",
        "text": _w("불편했던 부분을 모두 골라 주세요.", "Which parts gave you trouble?"),
        "options": [
            {"value": "none", "text": _w("없음", "None")},
            {"value": "noise", "text": _w("소음·진동", "Noise and vibration")},
            {"value": "electronics", "text": _w("전자 장치", "Electronics")},
            {"value": "paint", "text": _w("도장·외관", "Paint and body")},
            {"value": "engine", "text": _w("엔진·변속기", "Engine and gearbox")},
        ],
    },
    _scale("overall", "차량에 전반적으로 얼마나 만족하시나요?", "Overall, how satisfied are you with the car?"),
    *_ending("overall"),
]  # fmt: skip
CONFIRMATION = [
    {
        "key": "solved", "type": "yesno", "required": True,
        "text": _w("말씀하신 문제가 해결되었나요?", "Has the problem been solved?"),
    },
    _scale(
        "handling", "처리 과정에는 만족하셨나요?", "How satisfied were you with how it was handled?",
        required=False, show_if={"question": "solved", "op": "eq", "value": True},
    ),
    {
        "key": "remaining", "type": "text", "required": True,
        "text": _w("아직 남아 있는 문제를 말씀해 주세요.", "What remains to be done?"),
        "show_if": {"question": "solved", "op": "eq", "value": False},
    },
]  # fmt: skip

SURVEYS: list[dict[str, Any]] = [
    {"key": "sales", "title": "구매 해피콜", "title_en": "Sales happy call", "process": "sales", "body": SALES},
    {"key": "service", "title": "서비스 해피콜", "title_en": "Service happy call", "process": "service", "body": SERVICE},
    {"key": "product", "title": "차량 만족도 조사", "title_en": "Product survey", "process": "product", "body": PRODUCT},
    {"key": "confirmation", "title": "처리 확인 콜", "title_en": "Confirmation call", "process": "confirmation", "body": CONFIRMATION},
]  # fmt: skip


def _item(key: str, ko: str, en: str, weight: int) -> dict[str, Any]:
    return {"key": key, "text": _w(ko, en), "weight": weight}


INDEXES: dict[str, list[dict[str, Any]]] = {
    "sales": [
        _item("reception", "응대", "Reception", 20),
        _item("explanation", "설명", "Explanation", 15),
        _item("contract", "계약", "Contract", 15),
        _item("delivery", "인도", "Delivery", 20),
        _item("overall", "전반", "Overall", 30),
        _item("nps", "추천", "Recommendation", 0),
    ],
    "service": [
        _item("booking", "예약·접수", "Booking", 15),
        _item("explanation", "설명", "Explanation", 15),
        _item("time_kept", "시간 준수", "Time kept", 15),
        _item("repair", "정비 결과", "Repair", 25),
        _item("overall", "전반", "Overall", 30),
        _item("nps", "추천", "Recommendation", 0),
    ],
    "product": [
        _item("performance", "성능", "Performance", 20),
        _item("quality", "품질", "Quality", 25),
        _item("economy", "경제성", "Running costs", 10),
        _item("comfort", "편의", "Comfort", 15),
        _item("overall", "전반", "Overall", 30),
        _item("nps", "추천", "Recommendation", 0),
    ],
    "confirmation": [_item("handling", "처리 과정", "Handling", 100)],
}
