"""On the console a refused request is a line; what broke keeps its traceback."""

from __future__ import annotations

import io
import logging
import logging.config

import pytest
from django.conf import settings


@pytest.mark.django_db
def test_a_forbidden_page_leaves_no_traceback_and_a_fault_does(client, world):
    name, console = "django.request", settings.LOGGING["handlers"]["console"]
    written, own = io.StringIO(), console | {"stream": None}
    config = {**settings.LOGGING, "handlers": {"console": own}, "root": {}, "loggers": {}}
    config["loggers"] = {name: {"handlers": ["console"], "level": "WARNING"}}
    own["stream"] = written
    logging.config.dictConfig(config)
    try:
        client.force_login(world.ada)
        assert client.get("/scores/").status_code == 403
        refused = written.getvalue()
        assert "/scores/" in refused and "Traceback" not in refused
        try:
            raise ValueError("broken")
        except ValueError:
            logging.getLogger(name).error("fault", exc_info=True, extra={"status_code": 500})
        assert "Traceback" in written.getvalue()
    finally:
        logging.config.dictConfig(settings.LOGGING | {"loggers": {name: {"handlers": []}}})
