"""Requests to other systems: to public addresses, and to those inside that the operator named.

The name is resolved once and the connection goes to the address that was looked at, so that a name
cannot change its meaning in between; redirections are not followed.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext_noop

from dangol.sources.connecting.contract import Unreachable, Unusable
from dangol.sources.connecting.deadline import Cut

PATIENCE = 15
"""Seconds for one byte, and for a whole answer where nothing else is said."""
TOO_SLOW = gettext_noop("The whole answer had not come after %(seconds)s seconds.")
LARGEST = 32 * 2**20
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
COMPATIBLE = ipaddress.IPv6Network("::/96")


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


def request(
    method: str, address: str, *, headers: dict[str, str], body: bytes = b"",
    largest: int = LARGEST, seconds: float = PATIENCE,
) -> Answer:  # fmt: skip
    """Ask another system, which has so many seconds for all of its answer; Unreachable when nobody
    answers, Unusable for a forbidden address."""
    parts, host, port = read_address(address)
    at = looked_at(host, port)
    line: http.client.HTTPConnection = Plain(host, port, timeout=min(PATIENCE, seconds))
    if parts.scheme == "https":
        line = Secure(host, port, timeout=min(PATIENCE, seconds), context=ssl.create_default_context())  # fmt: skip
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with Cut(seconds) as cut:
        line.goes_to, line.cut = at, cut  # type: ignore[attr-defined]
        try:
            line.request(method, path, body or None, headers)
            found = answer_of(line, largest)
        except (OSError, http.client.HTTPException, UnicodeError) as failure:
            if not cut.over.is_set():
                why = f"{type(failure).__name__}: {failure}"[:200]
                raise Unreachable(gettext_noop("Nobody answers: %(why)s"), why=why) from None
        finally:
            line.close()
        if cut.over.is_set():  # what came by then may look whole and is not
            raise Unreachable(TOO_SLOW, seconds=round(seconds))
    return found


def answer_of(line: http.client.HTTPConnection, largest: int) -> Answer:
    """The answer, if it is not larger than that."""
    answer = line.getresponse()
    found = answer.read(largest + 1)
    if len(found) > largest:
        raise Unusable(gettext_noop("The answer is larger than %(most)s bytes."), most=largest)
    told = {name.lower(): value for name, value in answer.getheaders()}
    return Answer(answer.status, told, found)


def read_address(address: str) -> tuple[SplitResult, str, int]:
    """A web address with its host and port; Unusable for what is none."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Unusable(gettext_noop("“%(url)s” is no web address."), url=address[:200]) from None
    if parts.scheme not in {"http", "https"} or parts.username or port == 0 or not host_fits(host):
        raise Unusable(gettext_noop("“%(url)s” is no web address."), url=address[:200])
    return parts, host, port or (443 if parts.scheme == "https" else 80)


def host_fits(host: str) -> bool:
    """Whether a text can be the name or address of a server."""
    try:
        return bool(re.fullmatch(r"[^\s/\\@?#,]{1,253}", host)) and bool(host.encode("idna"))
    except UnicodeError:
        return False


class Plain(http.client.HTTPConnection):
    """Connects to the address that was looked at, and is cut when its time is over."""

    goes_to: tuple[Any, ...]
    cut: Cut

    def connect(self) -> None:
        self.sock = socket.create_connection(self.goes_to[:2], self.timeout)
        self.cut.hold(self.sock.fileno())


class Secure(http.client.HTTPSConnection):
    """The same, with the certificate of the name."""

    goes_to: tuple[Any, ...]
    cut: Cut

    def connect(self) -> None:
        plain = socket.create_connection(self.goes_to[:2], self.timeout)
        self.cut.hold(plain.fileno())
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)  # type: ignore[attr-defined]


def looked_at(host: str, port: int) -> tuple[str, int]:
    """The address of a name, if every one that it has may be reached."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable(gettext_noop("The name “%(host)s” is not known."), host=host[:100]) from None  # fmt: skip
    addresses = [str(info[4][0]) for info in found]
    for one in addresses:
        if not may_reach(one, host, port):
            raise Unusable(
                gettext_noop("“%(host)s” lies inside; the operator has to name it (DANGOL_INNER_HOSTS)."),
                host=host[:100],
            )  # fmt: skip
    return addresses[0], port


def may_reach(address: str, host: str, port: int) -> bool:
    """Public addresses, and what the operator named: a host, host:port, address or network."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    return all(
        (one.is_global and not one.is_multicast) or is_named(one, host, port) for one in meant(ip)
    )


def is_named(ip: Address, host: str, port: int) -> bool:
    """Whether the operator named an address inside, or its host."""
    for named in settings.INNER_HOSTS:
        if named in {host, f"{host}:{port}"}:
            return True
        try:
            if ip in ipaddress.ip_network(named, strict=False):
                return True
        except ValueError:
            continue
    return False


def meant(ip: Address) -> list[Address]:
    """Where a packet ends: of an IPv6 address that carries IPv4 ones, those; else the address."""
    if ip.version == 4:
        return [ip]
    if inner := ip.ipv4_mapped or ip.sixtofour:
        return [inner]
    if ip.teredo:
        return list(ip.teredo)
    low = int(ip) & 0xFFFF_FFFF
    if ip in NAT64 or (ip in COMPATIBLE and low > 1):  # :: and ::1 are themselves
        return [ipaddress.IPv4Address(low)]
    return [ip]
