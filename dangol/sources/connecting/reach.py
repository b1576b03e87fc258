"""What a connection may be told: the one place where its settings are looked at before any use."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext_noop

from dangol.core.sent_json import storable
from dangol.sources.connecting.contract import Unusable, WrongSetting
from dangol.sources.connecting.database import PORTS
from dangol.sources.connecting.rest import PAGES
from dangol.sources.connecting.web import host_fits, read_address

SERVER = ("host", "socket", "database", "schema", "user")
TEXTS = {
    "folder": ("folder", "sheet"),
    "postgresql": SERVER,
    "mariadb": SERVER,
    "database": ("schema",),
    "rest": ("url", "paths", "items", "paging", "page_parameter", "size_parameter", "next",
             "since_parameter", "header"),
}  # fmt: skip
NUMBERS = {
    "postgresql": {"port": (1, 65_535)},
    "mariadb": {"port": (1, 65_535)},
    "rest": {"size": (1, 100_000), "first_page": (0, 1_000_000)},
}
HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
TOKEN = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")


def check_reach(connection: str, said: dict[str, Any], hidden: str) -> None:
    """Look at every setting of a connection; WrongSetting names the one that cannot be."""
    for name in TEXTS[connection]:
        check_text(name, said.get(name, ""))
    for name, (least, most) in NUMBERS.get(connection, {}).items():
        check_number(name, said.get(name, ""), least, most)
    host = said.get("host")
    if connection in {"postgresql", "mariadb"} and host and not host_fits(host):
        raise WrongSetting("host", gettext_noop("“%(name)s” is no name of a server: %(value)s"),
                           name="host", value=host[:60])  # fmt: skip
    if connection == "rest":
        check_endpoint(said, hidden)
    if not storable(hidden):
        raise WrongSetting("hidden", gettext_noop("“%(name)s” holds signs that nobody can send."), name="hidden")  # fmt: skip


def where(connection: str, said: dict[str, Any]) -> tuple[Any, ...]:
    """To whom a secret is sent: what differs in it is another place. Of an address that is itself
    the secret, nothing is said outside it."""
    if connection == "rest":
        return (said.get("url", "").rstrip("/"),)
    if connection not in PORTS:
        return ()
    socket = said.get("socket") or ""
    host = "" if socket else said.get("host") or "localhost"
    return socket, host, int(said.get("port") or PORTS[connection]), said.get("user") or ""


def check_text(name: str, value: Any) -> None:
    """A text of one line."""
    if not isinstance(value, str):
        raise WrongSetting(name, gettext_noop("“%(name)s” is a text."), name=name)
    if not storable(value) or any(sign in value for sign in "\r\n") or len(value) > 500:
        raise WrongSetting(name, gettext_noop("“%(name)s” is one line of up to 500 letters."), name=name)  # fmt: skip


def check_number(name: str, value: Any, least: int, most: int) -> None:
    """A whole number, also as people type it; nothing means the usual one."""
    if value == "" or value is None:
        return
    typed = str(value) if type(value) is int and abs(value) <= most else value
    if (
        not isinstance(typed, str)
        or not re.fullmatch(r"[0-9]{1,9}", typed)
        or not least <= int(typed) <= most
    ):
        raise WrongSetting(name, gettext_noop("“%(name)s” is a whole number from %(least)s to %(most)s."),
                           name=name, least=least, most=most)  # fmt: skip


def check_endpoint(said: dict[str, Any], hidden: str) -> None:
    """The address and the signs that go over the line."""
    try:
        read_address(said.get("url", ""))
    except Unusable as failure:
        raise WrongSetting("url", failure.reason, **failure.facts) from None
    if said.get("paging") and said["paging"] not in PAGES:
        raise WrongSetting("paging", gettext_noop("“%(name)s” is one of: %(known)s"),
                           name="paging", known=", ".join(PAGES))  # fmt: skip
    if said.get("header") and not HEADER.fullmatch(said["header"]):
        raise WrongSetting("header", gettext_noop("“%(name)s” holds signs that nobody can send."), name="header")  # fmt: skip
    if not TOKEN.fullmatch(hidden):
        raise WrongSetting("hidden", gettext_noop("“%(name)s” holds signs that nobody can send."), name="hidden")  # fmt: skip
