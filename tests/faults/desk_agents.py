"""Agents who work through the desk's pages, press again when nothing answers, and write down what they saw."""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field

from tests.stack import Stack

PATIENCE = 90.0
MAKE = """
import json
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from dangol.core.models import User
from dangol.core.roles import Role
from dangol.places.actions import grant_role
from dangol.places.models import Place
top, keys = Place.objects.get(parent=None), []
for n in range({count}):
    user = User.objects.create(email=f"page{{n}}@example.com", name=f"page {{n}}", password="!")
    grant_role(user, Role.AGENT, top, by=None)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    keys.append(session.session_key)
print("SESSIONS", json.dumps(keys))
"""


def make_sessions(stack: Stack, count: int) -> list[str]:
    """Agents who are signed in."""
    told = stack.command("manage", "shell", "-c", MAKE.format(count=count))
    return list(json.loads(told.split("SESSIONS", 1)[1].strip().splitlines()[0]))


@dataclass
class Seen:
    """What the pages showed, kept outside the database."""

    opened: set[str] = field(default_factory=set)
    """Handlings that lay on a desk."""
    answered: dict[str, dict[str, str]] = field(default_factory=dict)
    """Per response the answers that the server said it keeps."""
    finished: dict[str, str] = field(default_factory=dict)
    """Handling → response of calls that left the desk."""
    surprises: list[str] = field(default_factory=list)
    repeats: int = 0


class DeskAgent(threading.Thread):
    """One agent in front of a browser that reloads: Next, dial, answers, hang up, finish."""

    def __init__(self, address: str, session: str) -> None:
        super().__init__(daemon=True)
        self.address, self.bell, self.seen = address, threading.Event(), Seen()
        self.session, self.csrf = session, ""

    def run(self) -> None:
        try:
            while not self.bell.is_set():
                self.turn(self.ask("/desk/"))
        except Exception as error:  # noqa: BLE001 - told by the test as what broke this agent
            self.seen.surprises.append(repr(error))

    def turn(self, page: str) -> None:
        """Look at the desk and do the one thing that comes next."""
        found = re.search(r'action="/desk/finish/([0-9a-f-]{36})/"', page)
        if not found:
            if re.search(r'name="state" value="available"[^>]*disabled', page):
                self.ask("/desk/next/", {})
            else:
                self.ask("/desk/state/", {"state": "available"})
            self.bell.wait(0.2)
            return
        handling, line = found[1], re.search(r'data-line="(\w*)"', page)
        self.seen.opened.add(handling)
        phase = line[1] if line else ""
        if phase in {"", "ended"} and re.search(
            r'hx-post="/desk/call/"[^>]*hx-target="#dock"', page
        ):
            self.ask("/desk/call/", {})
        elif phase == "answered":
            self.talk(page)
            self.ask("/desk/call/end/", {})
        elif phase == "ended":
            self.finish(handling, page)
        else:
            self.bell.wait(0.2)
            self.ask("/desk/call/pulse/", {})

    def talk(self, page: str) -> None:
        """Answer what is asked; what the server says it keeps goes into the ledger."""
        where = re.search(r'data-autosave="(/answers/([0-9a-f-]{36})/draft/)"', page)
        assert where, "no questions on the desk"
        given = good_answers(page)
        self.ask(where[1], given)
        self.seen.answered[where[2]] = given

    def finish(self, handling: str, page: str) -> None:
        """Done, over and over, until the desk no longer shows this call."""
        where = re.search(r'data-autosave="/answers/([0-9a-f-]{36})/draft/"', page)
        assert where, "no questions on the desk"
        sent = good_answers(page) | {"outcome": "done", "then": "available"}
        after = self.ask(f"/desk/finish/{handling}/", sent)
        if f"/desk/finish/{handling}/" not in after:
            self.seen.finished[handling] = where[1]

    def ask(self, path: str, form: dict[str, str] | None = None) -> str:
        """Send until it is answered; an answer is what a browser would show."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            data = None
            if form is not None:
                data = urllib.parse.urlencode(form | {"csrfmiddlewaretoken": self.csrf}).encode()
            headers = {"Cookie": f"sessionid={self.session}; csrftoken={self.csrf}"}
            request = urllib.request.Request(self.address + path, data, headers)
            try:
                with urllib.request.urlopen(request, timeout=10) as response:
                    token = re.search(r"csrftoken=(\w+)", response.headers.get("Set-Cookie", ""))
                    self.csrf = token[1] if token else self.csrf
                    return str(response.read().decode())
            except urllib.error.HTTPError as refusal:
                if refusal.code < 500:
                    raise AssertionError((path, refusal.code, refusal.read()[:300])) from None
            except (OSError, http.client.HTTPException):
                pass
            self.seen.repeats += 1
            time.sleep(0.2)
        raise AssertionError(f"{path} was not answered within {PATIENCE} s")


def good_answers(page: str) -> dict[str, str]:
    """The best choice of every question that is asked now."""
    given: dict[str, str] = {}
    for opening, inside in re.findall(r"<fieldset ([^>]*)>(.*?)</fieldset>", page, re.DOTALL):
        if "data-question=" in opening and " hidden" not in opening:
            for name, value in re.findall(r'type="radio" name="(q-[^"]+)" value="([^"]+)"', inside):
                given[name] = value if value != "no" else given.get(name, value)
    return given


def seen_together(agents: list[DeskAgent]) -> Seen:
    """All ledgers as one."""
    whole = Seen()
    for agent in agents:
        whole.opened |= agent.seen.opened
        whole.answered |= agent.seen.answered
        whole.finished |= agent.seen.finished
        whole.surprises += agent.seen.surprises
        whole.repeats += agent.seen.repeats
    return whole
