"""Who may do what: roles are sets of abilities; where they hold is the grant's place."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The jobs that people hold in the product."""

    ADMINISTRATOR = "administrator", _("Administrator")
    SUPERVISOR = "supervisor", _("Supervisor")
    AGENT = "agent", _("Agent")
    SITE_MANAGER = "site_manager", _("Site manager")
    MARKETER = "marketer", _("Marketer")
    ANALYST = "analyst", _("Analyst")
    PRIVACY_OFFICER = "privacy_officer", _("Privacy officer")
    DATA_STEWARD = "data_steward", _("Data steward")


R = Role
EVERYONE = frozenset(Role)

ABILITIES: dict[str, frozenset[Role]] = {
    # ability: the roles that have it
    "places.see": EVERYONE,
    "places.edit": frozenset({R.ADMINISTRATOR}),
    "calendars.edit": frozenset({R.ADMINISTRATOR}),
    "people.see": frozenset({R.ADMINISTRATOR, R.PRIVACY_OFFICER}),
    "people.edit": frozenset({R.ADMINISTRATOR}),
    "customers.see": frozenset(
        {
            R.ADMINISTRATOR,
            R.SUPERVISOR,
            R.AGENT,
            R.SITE_MANAGER,
            R.MARKETER,
            R.PRIVACY_OFFICER,
            R.DATA_STEWARD,
        }
    ),  # fmt: skip
    "customers.edit": frozenset({R.ADMINISTRATOR, R.SUPERVISOR, R.AGENT, R.DATA_STEWARD}),
    "customers.unmask": frozenset({R.SITE_MANAGER, R.MARKETER, R.PRIVACY_OFFICER}),
    "customers.see_unmasked": frozenset({R.ADMINISTRATOR, R.SUPERVISOR, R.AGENT, R.DATA_STEWARD}),
    "attributes.edit": frozenset({R.ADMINISTRATOR}),
    "customers.export": frozenset({R.ADMINISTRATOR, R.SUPERVISOR, R.MARKETER}),
    "purchases.see": frozenset(
        {R.ADMINISTRATOR, R.SUPERVISOR, R.AGENT, R.SITE_MANAGER, R.MARKETER, R.ANALYST}
    ),
    "imports.run": frozenset({R.ADMINISTRATOR, R.DATA_STEWARD}),
    "sources.see": frozenset({R.ADMINISTRATOR, R.DATA_STEWARD}),
    "sources.run": frozenset({R.ADMINISTRATOR, R.DATA_STEWARD}),
    "sources.change": frozenset({R.ADMINISTRATOR, R.DATA_STEWARD}),
    "surveys.see": frozenset({R.ADMINISTRATOR, R.SUPERVISOR, R.MARKETER, R.ANALYST}),
    "surveys.edit": frozenset({R.ADMINISTRATOR, R.SUPERVISOR}),
    "answers.correct": frozenset({R.ADMINISTRATOR, R.SUPERVISOR}),
    "answers.see": frozenset({R.ADMINISTRATOR, R.SUPERVISOR, R.AGENT, R.SITE_MANAGER, R.ANALYST}),
    "programmes.see": frozenset({R.ADMINISTRATOR, R.SUPERVISOR, R.MARKETER}),
    "programmes.edit": frozenset({R.ADMINISTRATOR, R.SUPERVISOR}),
    "segments.see": frozenset(
        {R.ADMINISTRATOR, R.SUPERVISOR, R.AGENT, R.SITE_MANAGER, R.MARKETER, R.ANALYST}
    ),
    "segments.members": frozenset(
        {R.ADMINISTRATOR, R.SUPERVISOR, R.AGENT, R.SITE_MANAGER, R.MARKETER}
    ),
    "segments.upload": frozenset({R.ADMINISTRATOR, R.MARKETER}),
    "segments.edit": frozenset({R.ADMINISTRATOR, R.MARKETER, R.ANALYST}),
    "desk.work": frozenset({R.AGENT, R.SUPERVISOR}),
    "interactions.see": frozenset(
        {R.ADMINISTRATOR, R.SUPERVISOR, R.AGENT, R.SITE_MANAGER, R.PRIVACY_OFFICER, R.ANALYST}
    ),
    "agents.see": frozenset({R.ADMINISTRATOR, R.SUPERVISOR}),
    "cases.see": frozenset({R.ADMINISTRATOR, R.SUPERVISOR, R.AGENT, R.SITE_MANAGER, R.ANALYST}),
    "cases.work": frozenset({R.ADMINISTRATOR, R.SUPERVISOR, R.AGENT, R.SITE_MANAGER}),
    "cases.configure": frozenset({R.ADMINISTRATOR, R.SUPERVISOR}),
    "board.see": frozenset({R.ADMINISTRATOR, R.SUPERVISOR, R.SITE_MANAGER, R.ANALYST, R.MARKETER}),
    "cubes.see": frozenset({R.ADMINISTRATOR, R.SUPERVISOR, R.SITE_MANAGER, R.MARKETER, R.ANALYST}),
    "goals.edit": frozenset({R.ADMINISTRATOR, R.ANALYST}),
    "watches.edit": frozenset({R.ADMINISTRATOR, R.ANALYST}),
    "tokens.own": frozenset({R.ADMINISTRATOR, R.SUPERVISOR, R.ANALYST, R.MARKETER, R.DATA_STEWARD}),
    "lake.see": frozenset({R.ADMINISTRATOR, R.ANALYST}),
    "lake.rebuild": frozenset({R.ADMINISTRATOR}),
    "scores.see": frozenset({R.ADMINISTRATOR, R.SUPERVISOR, R.MARKETER, R.ANALYST}),
    "scores.run": frozenset({R.ADMINISTRATOR, R.MARKETER, R.ANALYST}),
    "scores.promote": frozenset({R.ADMINISTRATOR, R.ANALYST}),
    "quality.see": frozenset(
        {
            R.ADMINISTRATOR,
            R.SUPERVISOR,
            R.SITE_MANAGER,
            R.MARKETER,
            R.ANALYST,
            R.PRIVACY_OFFICER,
            R.DATA_STEWARD,
        }
    ),  # fmt: skip
    "quality.correct": frozenset({R.ADMINISTRATOR, R.SUPERVISOR, R.SITE_MANAGER, R.DATA_STEWARD}),
    "quality.configure": frozenset({R.ADMINISTRATOR, R.DATA_STEWARD}),
    "audit.see": frozenset({R.ADMINISTRATOR, R.PRIVACY_OFFICER}),
    "matching.see": frozenset({R.ADMINISTRATOR, R.SUPERVISOR, R.PRIVACY_OFFICER, R.DATA_STEWARD}),
    "matching.decide": frozenset({R.ADMINISTRATOR, R.DATA_STEWARD}),
    "matching.run": frozenset({R.ADMINISTRATOR, R.DATA_STEWARD}),
}

COMPANY_WIDE = frozenset(
    {
        "quality.configure",
        "attributes.edit", "calendars.edit", "surveys.edit", "cases.configure", "lake.see",
        "lake.rebuild", "audit.see", "scores.run", "scores.promote", "matching.run", "sources.see",
        "sources.run", "sources.change",
    }
)  # fmt: skip
"""Abilities over what belongs to no single place: the role must be held at the top."""


def roles_with(ability: str) -> frozenset[Role]:
    """The roles that hold an ability; a KeyError for one that does not exist."""
    return ABILITIES[ability]
