"""Texts of the framework that it does not have in Korean yet; ours are used instead."""

from django.utils.translation import gettext_lazy as _

TEXTS = [_("- Select an option -")]
