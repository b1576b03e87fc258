"""Addresses of databases that people write themselves: which are opened, and how."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa
from django.conf import settings
from django.utils.translation import gettext_noop
from sqlalchemy import exc

from dangol.sources.connecting.contract import Unusable, WrongSetting
from dangol.sources.connecting.folder import folder_below

BROKEN = (exc.SQLAlchemyError, ArithmeticError, AttributeError, LookupError, OSError, RuntimeError,
          TypeError, ValueError)  # fmt: skip
"""What drivers raise of settings that they do not know."""
OPTIONS = {
    "charset", "host", "port", "unix_socket", "sslmode", "ssl_mode", "application_name", "driver",
    "encrypt", "trustservercertificate", "service_name", "tds_version", "applicationintent",
}  # fmt: skip
SOCKETS = {"host", "unix_socket"}
"""These may be paths: a database on this machine is reached so."""
PLAIN = re.compile(r"[\w .+:-]{0,80}")
SQLITE = {"sqlite", "sqlite+pysqlite"}


def address_of(hidden: str) -> sa.URL:
    """The database that an address names; a file is one of the inbox, and only read."""
    try:
        url = sa.make_url(hidden)
        backend = url.get_backend_name()
    except (exc.ArgumentError, ValueError):  # what it says may hold the password
        raise WrongSetting("hidden", gettext_noop("This is no SQLAlchemy address.")) from None
    if backend == "sqlite":
        return file_of_inbox(url)
    check_options(url)
    return url


def check_options(url: sa.URL) -> None:
    """Refuse every option but those known to name no file of this server and to run nothing."""
    for name, value in url.query.items():
        if name.lower() not in OPTIONS:
            raise WrongSetting(
                "hidden",
                gettext_noop("An address takes no option “%(name)s”. These can be said: %(known)s"),
                name=name[:60], known=", ".join(sorted(OPTIONS)),
            )  # fmt: skip
        written = value if isinstance(value, str) else ",".join(value)
        if name.lower() not in SOCKETS and not PLAIN.fullmatch(written):
            raise WrongSetting("hidden", gettext_noop("The option “%(name)s” holds signs that it does not need."), name=name[:60])  # fmt: skip


def file_of_inbox(url: sa.URL) -> sa.URL:
    """A SQLite file that is there already, opened for reading: nothing is made or written."""
    name = url.database or ""
    if url.drivername not in SQLITE or url.query or not name or name.startswith((":", "file:")):
        raise WrongSetting("hidden", gettext_noop("Name a SQLite file below the inbox, as in sqlite:///shop.db, and nothing more."))  # fmt: skip
    inbox = Path(settings.INBOX)
    inside = str(Path(name).relative_to(inbox)) if Path(name).is_relative_to(inbox) else name
    path = folder_below(inbox, inside)
    if not path.is_file():
        raise WrongSetting("hidden", gettext_noop("There is no file “%(name)s” in the inbox."), name=name[:100])  # fmt: skip
    return sa.URL.create(
        "sqlite", database=f"file:{quote(str(path))}", query={"mode": "ro", "uri": "true"}
    )


@contextmanager
def understood(connection: str) -> Iterator[None]:
    """What a driver cannot make of its settings is told as ours, by the field that holds them."""
    try:
        yield
    except exc.DBAPIError:
        raise
    except (exc.NoSuchModuleError, ImportError) as failure:
        raise refused(connection, gettext_noop("No driver for this address is installed: %(why)s"), failure) from None  # fmt: skip
    except BROKEN as failure:
        raise refused(connection, gettext_noop("The driver does not take this address: %(why)s"), failure) from None  # fmt: skip


def refused(connection: str, reason: str, failure: Exception) -> Unusable:
    """The refusal, at the address itself where that was written by hand."""
    why = str(failure)[:200]
    return WrongSetting("hidden", reason, why=why) if connection == "database" else Unusable(reason, why=why)  # fmt: skip
