"""Sites from files."""

from dangol.imports.tests.factories import counts, loaded, reasons
from dangol.places.models import Place

SITES = (
    "사업장코드,사업장명,상위코드,구분,주소,전화,위도,경도\n"
    "JEJU-1,제주지점,JEJU,지점,제주시 1,064-1,33.5,126.5\n"
    "JEJU,제주지역,SALES,지역,,,,\n"
    "GANGNAM,강남대로지점,SEOUL,지점,강남대로 1,,,\n"
)


def test_sites_come_into_the_tree_even_before_the_region_above_them(world):
    assert counts(loaded("sites", SITES)) == (2, 1, 0, 0)
    site, region = Place.objects.get(code="JEJU-1"), Place.objects.get(code="JEJU")
    assert site.parent == region
    assert region.lo < site.lo <= site.hi <= region.hi
    assert (site.kind, site.site_kind, site.latitude) == ("site", "sales_office", 33.5)
    assert Place.objects.get(code="GANGNAM").name == "강남대로지점"
    assert counts(loaded("sites", SITES)) == (0, 0, 3, 0)


def test_sites_that_would_break_the_tree_are_refused_by_line(world):
    content = "code,name,parent code,type\nX,X,NOWHERE,site\nY,Y,,site\nZ,Z,GANGNAM,site\nHQ,다른회사,,\nW,W,X,site\n"
    run = loaded("sites", content)
    assert counts(run) == (0, 0, 0, 5)
    assert [line for line, _reason in reasons(run)] == [2, 3, 4, 5, 6]
    assert Place.objects.count() == 8
    assert Place.objects.get(code="HQ").name == "한빛자동차"


def test_a_time_zone_that_means_nothing_elsewhere_is_refused_as_on_the_page(world):
    content = (
        "code,name,parent code,type,time zone\nX,X,SEOUL,site,Factory\nY,Y,SEOUL,site,Asia/Tokyo\n"
    )
    run = loaded("sites", content)
    assert counts(run) == (1, 0, 0, 1)
    assert [line for line, _reason in reasons(run)] == [2]
    assert Place.objects.get(code="Y").time_zone == "Asia/Tokyo"
