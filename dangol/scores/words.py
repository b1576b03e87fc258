"""Cells and reasons in plain words of either language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import (
    get_language,
    gettext_lazy,
    ngettext,
    pgettext,
    pgettext_lazy,
)
from django.utils.translation import gettext as _

from dangol.core.money import shown_money
from dangol.scores.models import Kind
from dangol.scores.recipes import Lack

RFM_CELLS = {
    "champions": (gettext_lazy("Champions"), gettext_lazy("Bought lately, often and much. Thank them; ask them first.")),
    "loyal": (gettext_lazy("Loyal"), gettext_lazy("Come often. Offer what goes with what they have.")),
    "potential": (gettext_lazy("Becoming loyal"), gettext_lazy("Came lately, more than once. Give a reason for the next time.")),
    "new": (gettext_lazy("New"), gettext_lazy("Bought for the first time lately. A good start decides.")),
    "promising": (gettext_lazy("Promising"), gettext_lazy("Came not long ago, for little. Make yourself known.")),
    "attention": (gettext_lazy("Need attention"), gettext_lazy("Middling in everything. A word at the right time.")),
    "sleeping": (gettext_lazy("About to sleep"), gettext_lazy("Rarely here, and not for a while.")),
    "at_risk": (gettext_lazy("At risk"), gettext_lazy("Bought well, long ago. Call before they are gone.")),
    "cant_lose": (gettext_lazy("Cannot be lost"), gettext_lazy("Were among the best, and stay away. A person should call.")),
    "hibernating": (gettext_lazy("Hibernating"), gettext_lazy("Rarely, little, long ago.")),
    "lost": (gettext_lazy("Lost"), gettext_lazy("Longest away, least bought.")),
}  # fmt: skip
CELLS: dict[str, dict[str, Any]] = {
    Kind.RFM: {name: words[0] for name, words in RFM_CELLS.items()},
    Kind.VALUE: {
        "top": pgettext_lazy("value", "Top 10%"), "high": pgettext_lazy("value", "Next 20%"),
        "middle": pgettext_lazy("value", "Middle 40%"), "low": pgettext_lazy("value", "Last 30%"),
    },
    Kind.CHURN: {
        "high": pgettext_lazy("churn", "High risk"), "raised": pgettext_lazy("churn", "Raised risk"),
        "usual": pgettext_lazy("churn", "Usual"), "low": pgettext_lazy("churn", "Low risk"),
    },
    Kind.VOICE: {
        "glad": pgettext_lazy("voice", "Content"), "mixed": pgettext_lazy("voice", "Mixed"),
        "sad": pgettext_lazy("voice", "Discontent"),
    },
}  # fmt: skip
MEANINGS = {
    "champions": "good", "loyal": "good", "potential": "info", "new": "info", "promising": "info",
    "attention": "watch", "sleeping": "watch", "at_risk": "bad", "cant_lose": "bad",
    "top": "good", "high": "", "glad": "good", "sad": "bad", "mixed": "",
}  # fmt: skip
CHURN_MEANINGS = {"high": "bad", "raised": "watch", "usual": "", "low": "good"}


def cell_label(kind: str, cell: str) -> str:
    """A cell's name; what has none is named by itself."""
    return str(CELLS.get(kind, {}).get(cell, cell))


def cell_meaning(kind: str, cell: str) -> str:
    """good, watch, bad or info."""
    return (CHURN_MEANINGS if kind == Kind.CHURN else MEANINGS).get(cell, "")


def days(n: float) -> str:
    """A span as people say it."""
    n = round(n)
    if n < 60:
        return ngettext("%(n)s day", "%(n)s days", n) % {"n": n}
    if n < 730:
        months = round(n / 30.44)
        return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
    years = round(n / 365.25)
    return ngettext("%(n)s year", "%(n)s years", years) % {"n": years}


def of_five(score: int) -> str:
    """A quintile."""
    return _("%(score)s of 5") % {"score": score}


def bought_last(ago: int, score: int) -> str:
    return _("Bought %(span)s ago (%(score)s)") % {"span": days(ago), "score": of_five(score)}


def bought_often(n: int, score: int) -> str:
    said = ngettext("Bought on %(n)s day (%(score)s)", "Bought on %(n)s days (%(score)s)", n)
    return said % {"n": n, "score": of_five(score)}


def bought_for(money: float, score: int, currency: str = "KRW") -> str:
    return _("Bought for %(money)s in all (%(score)s)") % {
        "money": shown_money(money, currency), "score": of_five(score),
    }  # fmt: skip


def alive(chance: float, ago: int) -> str:
    return _("Still a customer: %(chance)s%%; last here %(span)s ago") % {
        "chance": round(100 * chance), "span": days(ago),
    }  # fmt: skip


def will_buy(times: float, horizon: int) -> str:
    return _("Will buy about %(times)s times in %(span)s") % {
        "times": f"{times:.1f}", "span": days(horizon),
    }  # fmt: skip


def worth(money: float, n: int, currency: str = "KRW") -> str:
    said = ngettext(
        "A purchase is worth about %(money)s, judged by %(n)s day",
        "A purchase is worth about %(money)s, judged by %(n)s days", n,
    )  # fmt: skip
    return said % {"money": shown_money(round(money), currency), "n": n}


def named(ko: str, en: str) -> str:
    """A thing's name in the reader's language."""
    return (get_language() or "").startswith("en") and en or ko


def offer(ko: str, en: str, because_ko: str, because_en: str, gap: int, score: float) -> str:
    """A product that goes with what somebody has."""
    said = {"product": named(ko, en), "because": named(because_ko, because_en)}
    if gap > 0:
        return _("%(product)s: owners of %(because)s buy it after about %(span)s") % {
            **said,
            "span": days(gap),
        }
    return _("%(product)s: goes with %(because)s") % said


def churn(feature: str, value: float, toward: int, ko: str, en: str, currency: str = "KRW") -> str:
    """What speaks for leaving (+) or staying (−)."""
    unknown = value < 0
    known: dict[str, Callable[[], str]] = {
        "recency": lambda: _("last purchase %(span)s ago") % {"span": days(value)},
        "tenure": lambda: _("customer for %(span)s") % {"span": days(value)},
        "often": lambda: ngettext("bought on %(n)s day", "bought on %(n)s days", round(value)) % {"n": round(value)},
        "money": lambda: _("spent %(money)s") % {"money": shown_money(round(value), currency)},
        "each": lambda: _("%(money)s a purchase") % {"money": shown_money(round(value), currency)},
        "refunds": lambda: ngettext("%(n)s refund", "%(n)s refunds", round(value)) % {"n": round(value)},
        "last_90": lambda: _("%(n)s purchases in 90 days") % {"n": round(value)},
        "last_180": lambda: _("%(n)s purchases in 180 days") % {"n": round(value)},
        "last_365": lambda: _("%(n)s purchases in a year") % {"n": round(value)},
        "gap": lambda: _("only one purchase") if unknown else _("comes every %(span)s") % {"span": days(value)},
        "overdue": lambda: _("only one purchase") if unknown else _("%(times)s times the usual gap") % {"times": f"{value:.1f}"},
        "answers": lambda: _("answered %(n)s happy calls") % {"n": round(value)},
        "last_index": lambda: _("never asked") if unknown else _("last satisfaction %(n)s") % {"n": round(value)},
        "lowest_index": lambda: _("never asked") if unknown else _("lowest satisfaction %(n)s") % {"n": round(value)},
        "asked_ago": lambda: _("never asked") if unknown else _("asked %(span)s ago") % {"span": days(value)},
        "cases": lambda: ngettext("%(n)s case", "%(n)s cases", round(value)) % {"n": round(value)},
        "case_ago": lambda: _("no case") if unknown else _("case %(span)s ago") % {"span": days(value)},
        "birth_band": lambda: _("age unknown") if unknown else _("born from %(year)s") % {"year": round(value)},
        "product": lambda: (_("bought %(product)s") if value else _("never bought %(product)s")) % {"product": named(ko, en)},
    }  # fmt: skip
    return toward_words(known[feature](), toward)


def toward_words(said: str, toward: int) -> str:
    """A reason with what it speaks for."""
    if toward > 0:
        return _("%(reason)s: may leave") % {"reason": said}
    return _("%(reason)s: likely to stay") % {"reason": said}


def own(ko: str, en: str, kind: str, value: Any, toward: int, unit: str) -> str:
    """What an own attribute of the company speaks for."""
    match value:
        case None:
            told = _("unknown")
        case bool():
            told = _("yes") if value else _("no")
        case [name_ko, name_en]:
            told = named(name_ko, name_en)
        case []:
            told = _("something else")
        case str():
            told = date_format(dt.date.fromisoformat(value), "SHORT_DATE_FORMAT")
        case _:
            whole = int(value) if value == int(value) else value
            told = f"{number_format(whole, use_l10n=True, force_grouping=True)} {unit}".strip()
    return toward_words(f"{named(ko, en)} {told}", toward)


def voice(n: int, day: str, words: list[str]) -> str:
    """What a customer said of late."""
    said = ngettext("%(n)s remark, the last on %(day)s", "%(n)s remarks, the last on %(day)s", n)
    said = said % {"n": n, "day": day}
    return f"{said}: {' · '.join(words)}" if words else said


REASONS: dict[str, Callable[..., str]] = {
    "bought_last": bought_last,
    "bought_often": bought_often,
    "alive": alive,
    "will_buy": will_buy,
    "offer": offer,
    "own": own,
    "voice": voice,
}
MONEY_REASONS: dict[str, Callable[..., str]] = {
    "bought_for": bought_for,
    "worth": worth,
    "churn": churn,
}
"""Those that tell money, and are told its currency."""


def reason_words(reasons: list[Any], currency: str = "KRW") -> list[str]:
    """Reasons as sentences; money in the currency of the run."""
    said = []
    for code, *given in reasons:
        if code in MONEY_REASONS:
            said.append(MONEY_REASONS[code](*given, currency=currency))
        else:
            said.append(REASONS[code](*given))
    return said


def value_words(kind: str, value: float, currency: str = "KRW") -> str:
    """A score's figure as people read it."""
    match kind:
        case Kind.RFM:
            digits = f"{round(value):03}"
            return f"R{digits[0]} F{digits[1]} M{digits[2]}"
        case Kind.VALUE:
            return shown_money(round(value), currency)
        case Kind.CHURN:
            return f"{value * 100:.0f}%"
        case Kind.VOICE:
            return f"{value:+.2f}"
    return f"{value:.2f}"


def state_words(state: str) -> str:
    """A run's state in words."""
    return {
        "waiting": pgettext("run", "Waiting"), "running": pgettext("run", "Under way"),
        "finished": pgettext("run", "Done"), "failed": pgettext("run", "Failed"),
        "lacking": pgettext("run", "Waits for data"),
    }[state]  # fmt: skip


def doing_words(doing: str) -> str:
    """What a run is at."""
    return {
        "learn": _("Learning"), "score": _("Scoring"), "write": _("Writing"), "": _("Beginning"),
        "features": _("Reading what was known"), "test": _("Testing on unseen days"),
    }.get(doing, doing)  # fmt: skip


def failure_words(failure: str) -> str:
    """What a run lacked, or why it failed."""
    known = {
        Lack.PURCHASES: _("There are no purchases yet."),
        Lack.PRODUCTS: _("Too few customers have two products or more to learn from."),
        Lack.OUTCOMES: _(
            "It takes at least 50 customers who came back and 50 who did not, in each of three periods."
        ),
        Lack.ATTRIBUTES: _(
            "There is no own attribute to learn from beside the one that says who left. Add one under"
            " Settings › Own attributes (or with the next import), or tick others in this score's settings."
        ),
        Lack.LEAVERS: _(
            "It takes at least 50 customers who are said to have left and 50 who are said not to have."
        ),
        Lack.WORDS: _("It takes at least 30 texts beside a high score and 30 beside a low one."),
        Lack.DAYS: _("The history is too short: it takes at least 60 days."),
        Lack.RETURNS: _("Too few customers came back to learn from."),
        Lack.LAKE: _("The lake is empty: nothing was copied yet."),
    }
    return known[Lack(failure)] if failure in list(Lack) else failure
