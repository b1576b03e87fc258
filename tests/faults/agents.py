"""Agents who work through the API alone, repeat what was not answered, and write down what was."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from typing import Any

import psycopg

from tests.stack import Stack

PATIENCE = 90.0
GIVEN = {"scale": 4, "nps": 9, "yesno": True}
MAKE = """
import json
from dangol.api.actions import make_token
from dangol.core.models import User
from dangol.core.roles import Role
from dangol.places.actions import grant_role
from dangol.places.models import Place
top, secrets = Place.objects.get(parent=None), []
for n in range({count}):
    user = User.objects.create(email=f"storm{{n}}@example.com", name=f"storm {{n}}", password="!")
    grant_role(user, Role.AGENT, top, by=None)
    held = ["desk.work", "interactions.see", "customers.see", "answers.see"]
    able = [a for a in held if user.can(a)]
    secrets.append(make_token(user, name="storm", abilities=able, days=1, by=user)[1])
print("TOKENS", json.dumps(secrets))
"""


def make_tokens(stack: Stack, count: int) -> list[str]:
    """Tokens of as many agents."""
    told = stack.command("manage", "shell", "-c", MAKE.format(count=count))
    return list(json.loads(told.split("TOKENS", 1)[1].strip().splitlines()[0]))


def forms(stack: Stack) -> dict[str, tuple[str, dict[str, Any]]]:
    """For each stage the survey it asks and good answers to its required questions."""
    with psycopg.connect(stack.database) as line:
        rows = line.execute(
            "SELECT s.id, v.survey_id, v.body FROM campaigns_stage s"
            " JOIN surveys_version v ON v.survey_id = s.questionnaire_id"
        ).fetchall()
    return {
        str(stage): (
            str(survey),
            {q["key"]: GIVEN[q["type"]] for q in body if q.get("required") and q["type"] in GIVEN},
        )
        for stage, survey, body in rows
    }


@dataclass
class Ledger:
    """What was acknowledged, kept outside the database."""

    targets: list[str] = field(default_factory=list)
    interactions: list[str] = field(default_factory=list)
    responses: dict[str, dict[str, Any]] = field(default_factory=dict)
    finished: list[str] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)
    repeats: int = 0


class Agent(threading.Thread):
    """One agent: claims, talks, asks, ends, records; over and over until the bell."""

    def __init__(
        self, address: str, secret: str, asked: dict[str, tuple[str, dict[str, Any]]]
    ) -> None:
        super().__init__(daemon=True)
        self.address, self.secret, self.asked = f"{address}/api/v1", secret, asked
        self.bell, self.ledger = threading.Event(), Ledger()

    def run(self) -> None:
        try:
            while not self.bell.is_set():
                claimed = self.ask("POST", "/due-calls/claims", expect=(201, 204))
                if claimed:
                    self.handle(claimed)
                else:
                    self.bell.wait(0.5)
        except Exception as error:  # noqa: BLE001 - told by the test as what broke this agent
            self.ledger.surprises.append(repr(error))

    def handle(self, target: dict[str, Any]) -> None:
        """One due call from the claim to the outcome; each answered step goes to the ledger."""
        kept, survey, answers = self.ledger, *self.asked[target["stage_id"]]
        kept.targets.append(target["id"])
        who = {"customer_id": target["customer_id"], "thread_id": target["thread_id"]}
        talk = self.ask("POST", "/interactions", who)
        kept.interactions.append(talk["id"])
        for mark in ("ringing", "answered"):
            self.ask("POST", f"/interactions/{talk['id']}/marks/{mark}")
        begun = self.ask(
            "POST", "/responses", who | {"survey_id": survey, "interaction_id": talk["id"]}
        )
        self.ask("PUT", f"/responses/{begun['id']}/answers", {"answers": answers})
        kept.responses[begun["id"]] = answers
        self.ask("POST", f"/interactions/{talk['id']}/marks/ended")
        outcome = {"interaction_id": talk["id"], "outcome": "done"}
        self.ask("POST", f"/due-calls/{target['id']}/outcomes", outcome)
        self.ask("PUT", f"/interactions/{talk['id']}/wrap-up", {"outcome": "done"})
        kept.finished.append(target["id"])

    def ask(
        self, method: str, path: str, body: Any = None, expect: tuple[int, ...] = (200, 201)
    ) -> Any:
        """Send until it is answered, always under the same key."""
        key, until = str(uuid.uuid4()), time.monotonic() + PATIENCE
        headers = {
            "Authorization": f"Bearer {self.secret}", "Idempotency-Key": key,
            "Content-Type": "application/json",
        }  # fmt: skip
        data = None if body is None else json.dumps(body).encode()
        while time.monotonic() < until:
            request = urllib.request.Request(self.address + path, data, headers, method=method)
            try:
                with urllib.request.urlopen(request, timeout=10) as response:
                    told = response.read()
                    assert response.status in expect, (path, response.status)
                    return json.loads(told) if told else None
            except urllib.error.HTTPError as refusal:
                if refusal.code < 500:
                    raise AssertionError((path, refusal.code, refusal.read()[:300])) from None
            except OSError:
                pass
            except Exception as broken:  # noqa: BLE001 - half an answer is no answer
                if isinstance(broken, AssertionError):
                    raise
            self.ledger.repeats += 1
            time.sleep(0.2)
        raise AssertionError(f"{path} was not answered within {PATIENCE} s")


def together(agents: list[Agent]) -> Ledger:
    """All ledgers as one."""
    whole = Ledger()
    for agent in agents:
        for name in ("targets", "interactions", "finished", "surprises"):
            getattr(whole, name).extend(getattr(agent.ledger, name))
        whole.responses |= agent.ledger.responses
        whole.repeats += agent.ledger.repeats
    return whole
