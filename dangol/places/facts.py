"""What places lends to the lake: the tree with its levels, and the people who work."""

from django.utils.translation import gettext_lazy as _

from dangol.core.models import User
from dangol.places.models import Place
from dangol.warehouse.facts import (
    Column,
    FactTable,
    Type,
    count,
    flag,
    instant,
    key,
    ref,
    register,
    text,
)

ABOVE = (
    "(SELECT a.lake_no FROM places_place a"
    " WHERE a.lo <= {{lo}} AND a.hi >= {{hi}} AND a.kind = '{0}' ORDER BY a.lo DESC LIMIT 1)"
)


def above(level: str, label: object) -> Column:
    """The place of a level that a place lies in (or is); empty above that level."""
    return Column(f"{level}_id", Type.REF, ABOVE.format(level), label, _("Of the present tree."), "places")  # fmt: skip


register(
    FactTable(
        name="places", model=Place, label=_("Places"), grain=_("One place of the tree"), whole=True,
        columns=(
            key(),
            ref("parent", of="places", label=_("Above")),
            text("kind", label=_("Level")),
            text("site_kind", label=_("Kind of site")),
            text("code", label=_("Code")),
            text("name", label=_("Name")),
            text("name_en", label=_("English name")),
            above("company", _("Company")),
            above("unit", _("Business unit")),
            above("region", _("Region")),
            above("site", _("Site")),
            count("lo", label=_("Range from"), meaning=_("“Below a place” is one range test.")),
            count("hi", label=_("Range to")),
            text("time_zone", label=_("Time zone")),
            text("region_code", label=_("Region code")),
            instant("closed_at", label=_("Closed")),
        ),
    ),
    FactTable(
        name="staff", model=User, label=_("Staff"), grain=_("One person who signs in"), whole=True,
        columns=(key(), flag("is_active", label=_("Active")), text("language", label=_("Language"))),
    ),
)  # fmt: skip
