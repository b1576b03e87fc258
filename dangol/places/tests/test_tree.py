from dangol.places.models import Place
from dangol.places.scope import places_visible_to, scoped


def test_below_is_one_range(world):
    seoul = world.place("SEOUL")
    codes = set(Place.objects.filter(seoul.within).values_list("code", flat=True))
    assert codes == {"SEOUL", "GANGNAM", "MAPO"}


def test_a_site_manager_sees_the_own_site_only(world):
    assert [p.code for p in places_visible_to(world.grace)] == ["GANGNAM"]
    assert [p.code for p in places_visible_to(world.eve)] == ["HAEUNDAE"]
    assert not places_visible_to(world.nobody).exists()


def test_scoped_rows(world):
    rows = Place.objects.all()
    assert set(scoped(rows, world.rex, "board.see", "pk").values_list("code", flat=True)) == {
        "SEOUL", "GANGNAM", "MAPO"}  # fmt: skip
    assert scoped(rows, world.anna, "board.see", "pk").count() == len(world.places)
