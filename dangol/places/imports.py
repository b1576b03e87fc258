"""Sites from files."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dangol.imports.cells import choice, code, fraction, text
from dangol.imports.kinds import Column, Kind, called, register
from dangol.places import loading_sites

LEVELS = {
    "unit": "unit", "businessunit": "unit", "본부": "unit", "사업부": "unit",
    "region": "region", "지역": "region", "지역본부": "region",
    "site": "site", "사업장": "site",
    "salesoffice": "sales_office", "지점": "sales_office", "영업소": "sales_office",
    "영업점": "sales_office", "판매점": "sales_office", "대리점": "sales_office",
    "servicecentre": "service_centre", "servicecenter": "service_centre",
    "서비스센터": "service_centre", "정비소": "service_centre", "정비센터": "service_centre",
}  # fmt: skip
COLUMNS = [
    Column("key", _("code"), called(code, most=40), required=True, aliases=("코드", "사업장코드", "지점코드", "점포코드", "site code", "id")),
    Column("name", _("name"), called(text, most=100), required=True, aliases=("이름", "사업장명", "지점명", "점포명", "사업장", "site name", "site")),
    Column("name_en", _("English name"), called(text, most=100), aliases=("영문명", "english name")),
    Column("parent", _("Code of the place above"), called(code, most=40), aliases=("상위코드", "상위", "지역코드", "소속", "parent code", "region")),
    Column("kind", _("Kind of place"), called(choice, words=LEVELS), aliases=("구분", "유형", "종류", "type", "level")),
    Column("phone", _("phone"), called(text, most=30), aliases=("전화", "전화번호", "대표전화", "tel")),
    Column("address", _("address"), called(text, most=200), aliases=("주소", "도로명주소", "소재지")),
    Column("time_zone", _("time zone"), called(text, most=40), aliases=("시간대", "timezone")),
    Column("lat", _("Latitude"), called(fraction, least=-90, most=90), sql="float8", aliases=("위도", "latitude", "y")),
    Column("lon", _("Longitude"), called(fraction, least=-180, most=180), sql="float8", aliases=("경도", "longitude", "lng", "x")),
]  # fmt: skip

register(
    Kind(
        "sites", _("Sites"), COLUMNS, loading_sites.judge, loading_sites.store,
        order=10, icon="building-2", batch_rows=50_000, result_url="places:list",
        help=_("Regions, sales offices and service centres of the tree."),
    )
)  # fmt: skip
