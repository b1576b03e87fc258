"""The live process: one long-lived connection for each open screen."""

import os

import django

from dangol.core.processes import stop_with_server

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dangol.config.settings")
stop_with_server()
django.setup()

from dangol.core.live.application import application  # noqa: E402

__all__ = ["application"]
