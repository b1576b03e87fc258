"""The people of the demo company: accounts to sign in with, agents who play."""

from __future__ import annotations

import numpy as np
from django.contrib.auth.hashers import make_password

from dangol.core.models import User
from dangol.core.roles import Role
from dangol.demo.accounts import DEMO_PASSWORD
from dangol.demo.names import person_names
from dangol.places.actions import grant_role
from dangol.places.models import Grant, Place

NAMED = [
    # address, name, role, place code
    ("admin@demo.dangol", "한관리", Role.ADMINISTRATOR, "HQ"),
    ("supervisor@demo.dangol", "송센터", Role.SUPERVISOR, "HQ"),
    ("agent@demo.dangol", "김상담", Role.AGENT, "HQ"),
    ("agent2@demo.dangol", "이상담", Role.AGENT, "HQ"),
    ("site@demo.dangol", "박지점", Role.SITE_MANAGER, ""),
    ("region@demo.dangol", "최지역", Role.SITE_MANAGER, "S-11"),
    ("marketer@demo.dangol", "정마케", Role.MARKETER, "HQ"),
    ("analyst@demo.dangol", "윤분석", Role.ANALYST, "HQ"),
    ("privacy@demo.dangol", "임보호", Role.PRIVACY_OFFICER, "HQ"),
    ("steward@demo.dangol", "서정보", Role.DATA_STEWARD, "HQ"),
    ("steward2@demo.dangol", "문정보", Role.DATA_STEWARD, "HQ"),
]
PLAYERS = 40


def make_people(rng: np.random.Generator, first_site: Place) -> list[User]:
    """Make the accounts and the playing agents; the agents."""
    password = make_password(DEMO_PASSWORD)
    places = {p.code: p for p in Place.objects.filter(code__in=["HQ", "S-11"])}
    for email, name, role, code in NAMED:
        user = User.objects.create(email=email, name=name, password=password, extension="")
        grant_role(user, role, places.get(code, first_site), by=None)
    names = person_names(rng, PLAYERS)
    players = [
        User(email=f"player{i:02}@demo.dangol", name=str(name), password="!", extension=f"7{i:03}")
        for i, name in enumerate(names, 1)
    ]
    User.objects.bulk_create(players)
    Grant.objects.bulk_create(
        Grant(user=player, role=Role.AGENT, place=places["HQ"]) for player in players
    )
    return players
