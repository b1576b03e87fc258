"""What the console says of requests."""

from __future__ import annotations

import logging


class PlainRefusals(logging.Filter):
    """A refused request (403) is a line: whoever may not do something is no fault of the program."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", None) == 403:
            record.exc_info = None
        return True
