"""The state's table of buildings from files: road and lot addresses of each."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dangol.identity import loading_buildings
from dangol.imports.cells import code, text
from dangol.imports.kinds import Column, Kind, called, register


def whole(cell: str) -> str:
    """A number without zeros before it: 0012 → 12."""
    return code(cell, most=10).lstrip("0") or "0"


COLUMNS = [
    Column("key", _("Number of the building"), called(code, most=30), required=True, aliases=("건물관리번호",)),
    Column("province", _("Province"), called(text, most=60), required=True, aliases=("시도명", "시도")),
    Column("district", _("District"), called(text, most=60), aliases=("시군구명", "시군구")),
    Column("town", _("Town or quarter by law"), called(text, most=60), aliases=("법정읍면동명", "읍면동명", "법정동명")),
    Column("village", _("Village by law"), called(text, most=60), aliases=("법정리명", "리명")),
    Column("mountain", _("Lot on a mountain"), whole, aliases=("산여부",)),
    Column("lot", _("Number of the lot"), whole, required=True, aliases=("지번본번", "지번본번번지", "본번")),
    Column("lot2", _("Second number of the lot"), whole, aliases=("지번부번", "지번부번호", "부번")),
    Column("road", _("Name of the road"), called(text, most=100), required=True, aliases=("도로명",)),
    Column("underground", _("Below the ground"), whole, aliases=("지하여부",)),
    Column("number", _("Number on the road"), whole, required=True, aliases=("건물본번",)),
    Column("number2", _("Second number on the road"), whole, aliases=("건물부번",)),
]  # fmt: skip

register(
    Kind(
        "buildings", _("Buildings"), COLUMNS, loading_buildings.judge, loading_buildings.store,
        order=90, icon="building-2", batch_rows=50_000, finish=loading_buildings.finish,
        help=_("The Ministry’s table of buildings: then road and lot addresses of one building compare as the same."),
        work=[("lot_said", "text"), ("road_said", "text")],
        places={
            "province": 2, "district": 3, "town": 4, "village": 5, "mountain": 6, "lot": 7,
            "lot2": 8, "road": 10, "underground": 11, "number": 12, "number2": 13, "key": 16,
        },
    )
)  # fmt: skip
