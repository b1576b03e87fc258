"""The one router of data quality."""

from ninja import Router

router = Router(tags=["data quality"])
