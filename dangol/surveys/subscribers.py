"""What surveys does when something happens elsewhere."""

from dangol.core.events import hears
from dangol.core.models import Event
from dangol.surveys.cells import recompute_cells


@hears("places.PlaceMoved")
def make_cells_again(event: Event) -> None:
    """A place went below another: the sums of both lines above it change with it."""
    recompute_cells()
