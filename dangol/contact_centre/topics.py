"""Live topic of the wallboard: it only says that something changed; the page asks what."""

from collections.abc import Collection, Mapping
from typing import Any

from dangol.contact_centre.models import AgentInterval
from dangol.core.live.topics import register
from dangol.core.models import User


def may_listen(user: User, key: str) -> bool:
    """Whoever may see agents."""
    return key == "all" and user.can("agents.see")


def snapshot(keys: Collection[str]) -> Mapping[str, dict[str, Any]]:
    """The latest change of any agent's state."""
    latest = AgentInterval.objects.order_by("-pk").values_list("pk", flat=True).first()
    return dict.fromkeys(keys, {"latest": str(latest)})


register("agents", may_listen, snapshot)
