"""What the boards hear: figures changed somewhere."""

from dangol.board.topics import EVERYTHING
from dangol.core.events import hears
from dangol.core.live import announce
from dangol.core.models import Event


@hears("surveys.ResponseCompleted", "surveys.ResponseCorrected", "surveys.ResponseWithdrawn")
def show_on_boards(event: Event) -> None:
    """The boards of the place and of everything above it change."""
    announce(f"board:{event.place_id}")


@hears(
    "cases.CaseOpened", "cases.CaseClosed", "cases.CaseReopened", "cases.CaseResolved",
    "cases.CaseHandedOver", "cases.CaseMoved", "cases.CaseChanged", "cases.CaseEscalated",
)  # fmt: skip
def show_duties(event: Event) -> None:
    """What there is to do changes, at the site and everywhere above it."""
    announce(f"duties:{event.place_id}")


@hears("places.PlaceMoved", "places.PlaceOpened", "places.PlaceClosed", "places.PlaceReopened")
def draw_boards_again(event: Event) -> None:
    """Ranks are among other places now."""
    announce(f"board:{EVERYTHING}")
