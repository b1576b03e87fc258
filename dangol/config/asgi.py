"""The live process: one long-lived connection for each open screen."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dangol.config.settings")
django.setup()

from dangol.core.live.application import application  # noqa: E402

__all__ = ["application"]
