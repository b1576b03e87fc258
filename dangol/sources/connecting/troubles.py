"""What goes wrong in a database, told apart: nobody answers, or the answer is a refusal."""

from __future__ import annotations

from django.utils.translation import gettext_noop
from sqlalchemy import exc

from dangol.sources.connecting.contract import Unreachable, Unusable

WRONG = ("password", "authentication", "access denied", "does not exist", "unknown database",
         "permission denied", "unknown column", "doesn't exist", "no such")  # fmt: skip
NOT_HANDED_OUT = gettext_noop(
    "The database answers, but cannot hand out these rows: %(why)s. Mend the table or view there, or"
    " choose another column or table."
)
OF_THE_QUESTION = (exc.ProgrammingError, exc.DataError, exc.NotSupportedError, exc.IntegrityError)
"""The server answered: it cannot do what it was asked, and asking again does not mend that."""
PASSING = {1040, 1053, 1152, 1153, 1154, 1155, 1156, 1157, 1158, 1159, 1160, 1161, 1184, 1203, 1205,
           1213, 1226, 1317, 1927, 1969}  # fmt: skip
"""Errors of a MySQL server after which another try may help: too many connections, locks, shutdown."""


def trouble(failure: exc.DBAPIError) -> Unreachable | Unusable:
    """Another try may help when the line broke; it does not when something is wrong."""
    said = " ".join(str(failure.orig).split())[:300]
    if failure.connection_invalidated:
        return Unreachable(gettext_noop("The database does not answer: %(why)s"), why=said)
    if any(word in said.lower() for word in WRONG):
        return Unusable(gettext_noop("The database refuses: %(why)s"), why=said)
    if isinstance(failure, OF_THE_QUESTION) or of_mysql(failure):
        return Unusable(NOT_HANDED_OUT, why=said.rstrip("."))
    return Unreachable(gettext_noop("The database does not answer: %(why)s"), why=said)


def of_mysql(failure: exc.DBAPIError) -> bool:
    """Whether a server of that family refuses by a number of its own that stays."""
    number = next(iter(getattr(failure.orig, "args", ())), None)
    family = type(failure.orig).__module__.split(".")[0] in {"pymysql", "MySQLdb"}
    return family and isinstance(number, int) and 1000 <= number < 2000 and number not in PASSING
