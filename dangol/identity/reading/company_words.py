"""Words of company names: legal forms, branches, and business words in both languages."""

from __future__ import annotations

import re

FORMS = (
    "농업회사법인", "어업회사법인", "영농조합법인", "영어조합법인", "사회복지법인", "사회적협동조합", "유한책임회사",
    "주식회사", "유한회사", "합자회사", "합명회사", "사단법인", "재단법인", "의료법인", "학교법인", "종교법인", "협동조합",
)  # fmt: skip
_FORM = "|".join(FORMS)
SHORT_FORM = re.compile(r"\((?:주|유|합|사|재|의|학|복|유한|자)\)")
"""(주) and its like, wherever they stand; ㈜ has become (주) before."""
FORM_BEFORE = re.compile(rf"^\s*(?:{_FORM})\s*")
FORM_BEHIND = re.compile(rf"\s*(?:{_FORM})\s*$")

LATIN_FORMS = {
    "inc", "incorporated", "corp", "corporation", "co", "company", "coltd", "ltd", "limited", "llc",
    "llp", "lp", "plc", "gmbh", "ag", "kg", "sa", "sas", "sarl", "spa", "srl", "bv", "nv", "ab",
    "oy", "as", "pty", "pte", "kk", "jsc",
}  # fmt: skip

HEAD = {"본사", "본점", "본부", "headoffice", "headquarters", "hq", "head"}
_PLACES = (
    "서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남|경북|경남|제주|강남|강북|강서|강동|서초|송파|종로|"
    "마포|영등포|구로|여의도|용산|성동|노원|수원|성남|분당|판교|용인|고양|일산|안양|안산|부천|평택|화성|청주|천안|전주|포항|창원|"
    "구미|김해|춘천|원주|목포|여수|순천|해운대|광화문"
)
_BRANCH = "지점|영업소|출장소|지사|사업소|사업장|공장|본사|본점|본부"
BRANCH = re.compile(
    rf"(?:[\s(,]+(?P<apart>[가-힣a-z0-9]*?)(?P<what>{_BRANCH})|(?P<place>{_PLACES})(?P<what2>{_BRANCH}))\)?\s*$"
)
"""At the end of a name, standing apart or behind the name of a town."""
LATIN_BRANCH = re.compile(
    r"[\s(,-]+(?:(?P<place>[a-z0-9가-힣]+)\s+(?:branch|office|factory|plant)|(?P<head>head ?office|headquarters|hq))\)?\s*$"
)

BUSINESS = {
    "electronics": "전자", "electronic": "전자", "electric": "전기", "electrics": "전기",
    "motor": "자동차", "motors": "자동차", "automobile": "자동차", "auto": "오토",
    "construction": "건설", "constructions": "건설", "engineering": "엔지니어링", "bank": "은행",
    "industry": "산업", "industries": "산업", "industrial": "산업", "trading": "상사",
    "trade": "무역", "chemical": "화학", "chemicals": "화학", "chem": "화학", "steel": "제철",
    "heavy": "중", "shipbuilding": "조선", "shipping": "해운", "marine": "해운",
    "insurance": "보험", "life": "생명", "fire": "화재", "securities": "증권", "card": "카드",
    "capital": "캐피탈", "food": "푸드", "foods": "푸드", "logistics": "로지스", "logis": "로지스",
    "transport": "운수", "transportation": "운수", "express": "택배", "telecom": "텔레콤",
    "communication": "통신", "communications": "통신", "energy": "에너지", "oil": "정유",
    "gas": "가스", "pharm": "제약", "pharma": "제약", "pharmaceutical": "제약",
    "pharmaceuticals": "제약", "hospital": "병원", "clinic": "의원", "university": "대학교",
    "school": "학교", "hotel": "호텔", "hotels": "호텔", "department": "백화점", "mart": "마트",
    "store": "스토어", "media": "미디어", "entertainment": "엔터테인먼트", "game": "게임",
    "games": "게임즈", "software": "소프트웨어", "soft": "소프트", "system": "시스템",
    "systems": "시스템", "tech": "테크", "technology": "테크", "technologies": "테크",
    "solution": "솔루션", "solutions": "솔루션", "semiconductor": "반도체", "display": "디스플레이",
    "precision": "정밀", "machinery": "기계", "machine": "기계", "metal": "금속", "metals": "금속",
    "textile": "섬유", "textiles": "섬유", "fashion": "패션", "cosmetics": "화장품", "paper": "제지",
    "cement": "시멘트", "glass": "유리", "plastic": "플라스틱", "rubber": "고무", "tire": "타이어",
    "tires": "타이어", "medical": "메디칼", "bio": "바이오", "design": "디자인", "global": "글로벌",
    "international": "인터내셔널", "korea": "코리아", "holdings": "홀딩스", "group": "그룹",
    "partners": "파트너스", "consulting": "컨설팅", "service": "서비스", "services": "서비스",
    "development": "개발", "housing": "주택", "real": "부동산", "estate": "", "rental": "렌탈",
    "rentacar": "렌터카", "rent": "렌터", "car": "카", "airlines": "항공", "air": "항공",
    "travel": "여행사", "tour": "투어", "printing": "인쇄", "publishing": "출판", "and": "앤",
    "heavyindustries": "중공업", "materials": "머티리얼즈", "network": "네트워크", "data": "데이터",
    "corporate": "", "mulsan": "물산", "farm": "팜", "dairy": "유업", "brewery": "양조",
}  # fmt: skip
"""English words of business as Korean names say them; "" for one that says nothing more."""

LETTERS = {
    "a": "에이", "b": "비", "c": "씨", "d": "디", "e": "이", "f": "에프", "g": "지", "h": "에이치", "i": "아이",
    "j": "제이", "k": "케이", "l": "엘", "m": "엠", "n": "엔", "o": "오", "p": "피", "q": "큐", "r": "알",
    "s": "에스", "t": "티", "u": "유", "v": "브이", "w": "더블유", "x": "엑스", "y": "와이", "z": "제트",
}  # fmt: skip
"""How the letters of LG or SK are read aloud."""

FREE_MAIL = {
    "naver.com", "gmail.com", "daum.net", "hanmail.net", "kakao.com", "nate.com", "hotmail.com",
    "outlook.com", "outlook.kr", "yahoo.com", "yahoo.co.kr", "icloud.com", "live.com", "korea.com",
    "dreamwiz.com", "paran.com", "empas.com", "freechal.com", "lycos.co.kr", "chol.com",
    "hanmir.com", "me.com", "msn.com", "proton.me", "example.com", "example.net", "example.org",
    "naver.example", "gmail.example", "daum.example", "kakao.example",
}  # fmt: skip
"""Where anybody has an address: such a domain is no company's."""
