"""What customers of the demo company say: words about what went worst or best, as glad as the score beside them."""

from __future__ import annotations

import numpy as np

PRAISE: dict[str, dict[str, list[str]]] = {
    "sales": {
        "reception": ["끝까지 친절하게 응대해 주셨어요.", "매장 직원이 반갑게 맞아 주셨습니다.", "시승을 여러 번 도와주셔서 고마웠어요."],
        "explanation": ["설명을 꼼꼼하게 해 주셔서 믿고 계약했어요.", "옵션을 하나하나 비교해 설명해 주셨습니다."],
        "contract": ["계약 서류를 미리 준비해 주셔서 금방 끝났어요.", "할인 조건을 투명하게 알려 주셨습니다."],
        "delivery": ["인도받는 날 꽃까지 준비해 주셔서 감동했습니다.", "출고 일정을 단계마다 알려 주셔서 좋았어요.", "약속한 날에 깨끗한 차를 받았습니다."],
        "overall": ["다음 차도 여기서 살 생각입니다.", "전체 과정이 매끄러웠어요."],
    },
    "service": {
        "booking": ["예약이 간편하고 접수가 빨랐어요.", "대기실이 깨끗하고 안내가 친절했어요."],
        "explanation": ["교체한 부품을 보여 주며 설명해 주셔서 좋았어요.", "비용을 미리 알려 주셔서 안심됐어요."],
        "time_kept": ["예약 시간에 딱 맞춰 끝났습니다.", "약속한 시간보다 일찍 끝나서 좋았어요."],
        "repair": ["한 번에 고쳐 주셔서 감사합니다.", "정비 후에 차가 훨씬 조용해졌어요.", "꼼꼼하게 점검해 주셔서 믿음이 갑니다."],
        "overall": ["앞으로도 이 센터만 이용할 생각이에요.", "세차까지 해 주셔서 기분이 좋았습니다."],
    },
    "product": {
        "performance": ["힘이 좋고 가속이 부드러워요.", "주행 보조 기능이 아주 유용해요."],
        "quality": ["마감이 깔끔하고 잡소리가 없습니다.", "실내 소재가 고급스러워요."],
        "economy": ["연비가 생각보다 좋네요.", "유지비가 적게 들어 만족합니다."],
        "comfort": ["조용하고 승차감이 편합니다.", "시트가 편해서 장거리도 괜찮아요."],
        "overall": ["가족 모두 좋아하는 차예요.", "기대보다 훨씬 좋은 차입니다."],
    },
}  # fmt: skip
COMPLAINT: dict[str, dict[str, list[str]]] = {
    "sales": {
        "reception": ["전화를 몇 번이나 해도 담당자와 연결이 안 됐어요.", "매장에서 삼십 분을 기다려도 아무도 안 나왔습니다.", "담당자가 바뀌었는데 인수인계가 안 됐어요."],
        "explanation": ["설명을 들은 것과 실제 기능이 달랐습니다.", "옵션 설명이 부족해서 잘못 골랐어요."],
        "contract": ["계약 때 말한 사은품이 빠졌습니다.", "견적과 계약 금액이 달라서 황당했어요.", "할인 조건이 나중에 바뀌었어요."],
        "delivery": ["출고일이 세 번이나 미뤄졌는데 먼저 연락을 준 적이 없어요.", "인도받을 때 차에 흠집이 있었어요.", "출고가 두 달이나 지연됐습니다.", "옵션이 주문한 것과 달라요. 빨리 처리해 주세요."],
        "overall": ["계약하고 나니 태도가 달라졌어요.", "다시는 이 매장에서 사고 싶지 않습니다."],
    },
    "service": {
        "booking": ["예약했는데 접수가 안 되어 있었습니다.", "예약 전화가 너무 안 돼요.", "접수 직원이 불친절했습니다."],
        "explanation": ["견적보다 비용이 많이 나왔는데 설명이 없었습니다.", "무엇을 교체했는지 설명을 못 들었어요.", "필요 없는 부품까지 교체했더라고요."],
        "time_kept": ["약속한 시간보다 두 시간을 더 기다렸어요.", "당일 된다더니 사흘이 걸렸습니다.", "대기 시간이 너무 길어요."],
        "repair": ["같은 고장으로 세 번째 방문입니다. 원인을 못 찾네요.", "정비 후에 새로운 소음이 생겼어요.", "고친 곳이 일주일 만에 또 고장 났어요.", "오일이 새는데 괜찮다고만 합니다."],
        "overall": ["맡기고 나서 더 불안해졌어요.", "다른 센터로 옮길 생각입니다."],
    },
    "product": {
        "performance": ["고속에서 힘이 떨어지고 변속 충격이 있어요.", "고속에서 풍절음이 큽니다."],
        "quality": ["도장이 벌써 벗겨졌어요.", "내비게이션이 자주 멈춰요.", "문짝에서 잡소리가 납니다."],
        "economy": ["연비가 광고보다 훨씬 나빠요.", "부품값이 너무 비쌉니다."],
        "comfort": ["시트가 딱딱해서 허리가 아파요.", "에어컨에서 냄새가 심합니다."],
        "overall": ["고장이 잦아서 불안해요.", "이 값에 이 품질은 아닌 것 같아요."],
    },
}  # fmt: skip
NEW_TROUBLE = [
    "무선 업데이트 후에 화면이 꺼져요.", "업데이트하고 나서 계기판 화면이 먹통입니다.", "무선 업데이트가 끝나지 않고 화면이 멈췄어요.",
]  # fmt: skip
NEW_SINCE, NEW_SHARE = 21, 0.3
"""Days since a trouble that nobody knew before, and its share of what is complained of at service."""
BEFORE_BAD = [
    "",
    "",
    "",
    "솔직히 ",
    "지난번에도 그랬는데 ",
    "다른 건 몰라도 ",
    "여러 번 말씀드렸는데 ",
]
AFTER_BAD = [
    "",
    "",
    "",
    " 확인 부탁드려요.",
    " 많이 실망했습니다.",
    " 개선이 필요해 보여요.",
    " 꼭 연락 주세요.",
]
BEFORE_GOOD = ["", "", "", "무엇보다 ", "이번에도 ", "바쁘실 텐데 "]
AFTER_GOOD = [
    "",
    "",
    "",
    " 감사합니다.",
    " 다음에도 부탁드려요.",
    " 아주 만족합니다.",
    " 주변에도 추천할게요.",
]
GOOD = {process: [t for texts in by.values() for t in texts] for process, by in PRAISE.items()}
BAD = {process: [t for texts in by.values() for t in texts] for process, by in COMPLAINT.items()}
RESOLUTIONS = [
    "점장이 직접 전화해 사과하고 출고 일정을 확정해 안내했습니다.", "재방문 예약을 잡고 대차를 제공했습니다.",
    "차액을 환불하고 명세를 다시 설명했습니다.", "부품을 교체하고 시운전으로 확인했습니다.",
    "빠진 사은품을 당일 퀵으로 보냈습니다.",
]  # fmt: skip
PLAIN = [
    "바빠서 길게 말씀 못 드려요.",
    "특별히 할 말은 없어요.",
    "문자로 안내해 주세요.",
    "다음 예약은 토요일로 부탁드려요.",
    "그냥 그래요.",
]
"""What says nothing of content or discontent."""
PLAIN_SHARE, POLITE_SHARE = 10, 15
"""Of a hundred texts so many are plain, and up to so many say the other side first, or only that."""
UNHAPPY, HAPPY = 50_000, 75_000
"""Thousandths of a point of the respondent's index."""


class Speaker:
    """Puts sentences together; luck comes as whole numbers, so that a seed decides."""

    def __init__(self, process: str, items: list[str]) -> None:
        self.praise, self.complaint = PRAISE[process], COMPLAINT[process]
        self.items, self.process = items, process

    def about(self, texts: dict[str, list[str]], item: int, luck: int) -> str:
        """A sentence about an item."""
        known = texts.get(self.items[item]) or texts["overall"]
        return known[luck % len(known)]

    def complains(self, item: int, luck: int, fresh: bool) -> str:
        """What went wrong."""
        if fresh and self.process != "sales" and luck % 100 < 100 * NEW_SHARE:
            return NEW_TROUBLE[luck // 100 % len(NEW_TROUBLE)]
        return self.about(self.complaint, item, luck // 100)

    def says(self, worst: int, best: int, score: int, low: bool, luck: int, fresh: bool) -> str:
        """Everything: a complaint, praise, or both where the score lies between."""
        first, last, odd = luck // 7919, luck // 104_729, luck // 13 % 100
        if odd < PLAIN_SHARE:
            return PLAIN[first % len(PLAIN)]
        bad, good = self.complains(worst, luck, fresh), self.about(self.praise, best, luck // 31)
        if odd < POLITE_SHARE:
            return good if score < UNHAPPY else bad
        if score < UNHAPPY:
            return BEFORE_BAD[first % len(BEFORE_BAD)] + bad + AFTER_BAD[last % len(AFTER_BAD)]
        if low or score < HAPPY:
            return f"{good} 다만 {bad}" if first % 3 else bad
        return BEFORE_GOOD[first % len(BEFORE_GOOD)] + good + AFTER_GOOD[last % len(AFTER_GOOD)]


def spoken(
    rng: np.random.Generator, process: str, items: dict[str, np.ndarray], score: np.ndarray,
    since: np.ndarray,
) -> list[str]:  # fmt: skip
    """The customers' own words: most say nothing, the unhappy more often; `since` counts days back."""
    given = np.stack(list(items.values()))
    near = rng.random(given.shape) * 0.5
    worst, best = (given + near).argmin(axis=0), (given - near).argmax(axis=0)
    low = given.min(axis=0) <= 2
    share = np.where(low, 0.6, np.where(score < HAPPY, 0.2, np.where(given[-1] == 5, 0.25, 0.05)))
    speaks = rng.random(len(score)) < share
    luck = rng.integers(0, 1 << 40, len(score)).tolist()
    speaker = Speaker(process, list(items))
    rows = zip(worst.tolist(), best.tolist(), score.tolist(), low.tolist(), luck,
               (since < NEW_SINCE).tolist(), speaks.tolist(), strict=True)  # fmt: skip
    return [speaker.says(*row) if heard else "" for *row, heard in rows]
