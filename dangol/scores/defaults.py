"""The scores that every company has from the first day."""

from __future__ import annotations

from typing import Any

from dangol.scores.models import Every, Kind, ScoreModel

DEFAULTS = [
    (Kind.RFM, "RFM", "RFM", Every.DAY, Every.DAY),
    (Kind.VALUE, "고객 가치", "Customer value", Every.WEEK, Every.MONTH),
    (Kind.CHURN, "이탈 위험", "Churn risk", Every.WEEK, Every.MONTH),
    (Kind.NEXT, "다음 상품", "Next product", Every.WEEK, Every.WEEK),
    (Kind.VOICE, "고객의 목소리", "Voice of the customer", Every.DAY, Every.MONTH),
]


def make_default_models(**_signal: Any) -> None:
    """Make what is missing; what somebody set stays."""
    known = set(ScoreModel.objects.values_list("key", flat=True))
    for kind, name, name_en, score_every, learn_every in DEFAULTS:
        if kind not in known:
            ScoreModel.objects.create(
                kind=kind, key=kind, name=name, name_en=name_en,
                score_every=score_every, learn_every=learn_every,
            )  # fmt: skip
