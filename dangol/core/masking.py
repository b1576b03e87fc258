"""Names and contact points as shown to people who need no more (PIPA safety standard, Art. 12)."""

from __future__ import annotations

import re
from contextvars import ContextVar
from functools import lru_cache

import phonenumbers

WHOLE: ContextVar[bool] = ContextVar("dangol_whole", default=False)
"""Whether the person of this request sees names and contact points whole; masked unless set."""


def see_whole(whole: bool) -> None:
    """Say, at the start of each request, whether its person sees names whole."""
    WHOLE.set(whole)


def shown_name(name: str) -> str:
    """The name as the person of this request may see it."""
    return name if WHOLE.get() else masked_name(name)


def shown_contact(kind: str, value: str) -> str:
    """A phone number, e-mail address or postal address as the person of this request may see it."""
    if WHOLE.get():
        return value
    match kind:
        case "phone":
            return masked_phone(value)
        case "email":
            return masked_email(value)
    return " ".join(value.split()[:2] + ["***"])


def shown_words(text: str) -> str:
    """Free words as the person of this request may see them."""
    return text if WHOLE.get() else masked_text(text)


@lru_cache(8192)
def shown_phone(value: str, country: str = "KR") -> str:
    """+821012345678 → 010-1234-5678 at home, +82 10-1234-5678 elsewhere."""
    try:
        number = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        return value
    home = phonenumbers.country_code_for_region(country) == number.country_code
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, form.NATIONAL if home else form.INTERNATIONAL)


def masked_name(name: str) -> str:
    """홍길동 → 홍*동, 이산 → 이*, Jane Smith → J*** S****."""
    words = name.split()
    if len(words) > 1 or name.isascii():
        return " ".join(word[0] + "*" * (len(word) - 1) for word in words)
    if len(name) <= 1:
        return "*" * len(name)
    if len(name) == 2:
        return name[0] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def masked_phone(phone: str) -> str:
    """The last four digits stay: 010-1234-5678 → 010-****-5678."""
    digits = [i for i, c in enumerate(phone) if c.isdigit()]
    hide = set(digits[max(0, len(digits) - 8) : max(0, len(digits) - 4)])
    return "".join("*" if i in hide else c for i, c in enumerate(phone))


def masked_email(email: str) -> str:
    """jane.smith@example.com → ja***@example.com."""
    local, _, domain = email.partition("@")
    return f"{local[: min(2, max(1, len(local) - 1))]}***@{domain}"


def masked_text(text: str) -> str:
    """Free words with phone numbers, e-mail addresses and long digit runs hidden."""
    text = re.sub(r"[\w.+-]+@[\w-]+\.[\w.]+", lambda m: masked_email(m[0]), text)
    text = re.sub(r"\+?\d[\d\s-]{7,}\d", lambda m: masked_phone(m[0]), text)
    return re.sub(r"\d{6,}", lambda m: "*" * len(m[0]), text)
