"""Days and spans that Python does not know (infinity, the year 0, months) come as they are written."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from psycopg import DataError
from psycopg.adapt import Loader
from psycopg.types.datetime import DateLoader, TimestampLoader, TimestamptzLoader
from psycopg.types.string import TextLoader


def forgiving(usual: type[Loader]) -> type[Loader]:
    """A loader that hands out the text where the value does not fit."""

    class Forgiving(usual):  # type: ignore[misc, valid-type]
        def load(self, data: Any) -> Any:
            try:
                return super().load(data)
            except (DataError, ValueError, OverflowError):
                return bytes(data).decode()

    return Forgiving


LOADERS: dict[str, type[Loader]] = {
    "date": forgiving(DateLoader),
    "timestamp": forgiving(TimestampLoader),
    "timestamptz": forgiving(TimestamptzLoader),
    "interval": TextLoader,  # 1 mon and 30 days are not the same where reading goes on
}


def as_written(connection: sa.Connection) -> None:
    """Tell the driver of PostgreSQL; its ISO style is what the texts are compared in."""
    if connection.dialect.driver != "psycopg":
        return
    driver: Any = connection.connection.driver_connection
    for name, loader in LOADERS.items():
        driver.adapters.register_loader(name, loader)
