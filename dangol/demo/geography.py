"""Korea for the demo company: provinces with their share of people, and their districts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Province:
    """A first-level region: code, names, share of the population, centre and districts."""

    code: str
    name: str
    name_en: str
    share: float
    latitude: float
    longitude: float
    districts: tuple[str, ...]


def _p(
    code: str, name: str, name_en: str, share: float, lat: float, lon: float, districts: str
) -> Province:
    return Province(code, name, name_en, share, lat, lon, tuple(districts.split()))


AREA_CODES = {
    "11": "2", "26": "51", "27": "53", "28": "32", "29": "62", "30": "42", "31": "52", "36": "44",
    "41": "31", "42": "33", "43": "43", "44": "41", "45": "63", "46": "61", "47": "54", "48": "55",
    "50": "64",
}  # fmt: skip
"""The telephone area of each province, without its 0."""

PROVINCES = [
    _p("11", "서울", "Seoul", 18.1, 37.56, 126.98,
       "종로 용산 성동 광진 동대문 중랑 성북 강북 도봉 노원 은평 서대문 마포 양천 강서 구로 금천 영등포 동작 관악 서초 강남 송파 강동"),
    _p("26", "부산", "Busan", 6.4, 35.18, 129.07,
       "서면 영도 부산진 동래 남구 북구 해운대 사하 금정 강서 연제 수영 사상 기장"),
    _p("27", "대구", "Daegu", 4.6, 35.87, 128.60, "중구 동구 서구 남구 북구 수성 달서 달성"),
    _p("28", "인천", "Incheon", 5.8, 37.46, 126.70, "미추홀 연수 남동 부평 계양 서구 검단 강화"),
    _p("29", "광주", "Gwangju", 2.8, 35.16, 126.85, "충장 상무 봉선 첨단 수완 광산"),
    _p("30", "대전", "Daejeon", 2.8, 36.35, 127.38, "둔산 유성 대덕 서구 중구 노은"),
    _p("31", "울산", "Ulsan", 2.1, 35.54, 129.31, "남구 중구 동구 북구 울주"),
    _p("36", "세종", "Sejong", 0.8, 36.48, 127.29, "조치원 나성 보람"),
    _p("41", "경기", "Gyeonggi", 26.7, 37.41, 127.10,
       "수원 성남 분당 의정부 안양 부천 광명 평택 동두천 안산 고양 일산 과천 구리 남양주 오산 시흥 군포 의왕 하남 용인 수지 파주 이천 안성 김포 화성 동탄 광주 양주 포천 여주"),
    _p("42", "강원", "Gangwon", 3.0, 37.88, 127.73, "춘천 원주 강릉 동해 속초 삼척 홍천"),
    _p("43", "충북", "Chungbuk", 3.1, 36.64, 127.49, "청주 오창 충주 제천 음성 진천"),
    _p("44", "충남", "Chungnam", 4.1, 36.66, 126.67, "천안 공주 보령 아산 서산 논산 당진 홍성"),
    _p("45", "전북", "Jeonbuk", 3.4, 35.82, 127.11, "전주 군산 익산 정읍 남원 김제 완주"),
    _p("46", "전남", "Jeonnam", 3.5, 34.95, 126.99, "목포 여수 순천 나주 광양 해남 무안"),
    _p("47", "경북", "Gyeongbuk", 5.0, 36.25, 128.66, "포항 경주 김천 안동 구미 영주 상주 경산 칠곡"),
    _p("48", "경남", "Gyeongnam", 6.3, 35.24, 128.69, "창원 마산 진해 진주 통영 사천 김해 밀양 거제 양산"),
    _p("50", "제주", "Jeju", 1.3, 33.50, 126.53, "제주 연동 서귀포"),
]  # fmt: skip
STREETS = [
    "중앙로",
    "대로",
    "번영로",
    "평화로",
    "문화로",
    "시장로",
    "역전로",
    "산업로",
    "강변로",
    "충무로",
    "세종로",
    "태평로",
    "새마을로",
    "벚꽃로",
    "은하로",
]
