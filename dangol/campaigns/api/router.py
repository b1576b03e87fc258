"""The one router that the modules beside share."""

from ninja import Router

router = Router(tags=["programmes"])
