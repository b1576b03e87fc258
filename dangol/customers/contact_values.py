"""Contact points in one written form: E.164 phones, lower-case e-mail, one-line addresses."""

from __future__ import annotations

import re

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from dangol.customers.hangul import tidy

KOREAN = re.compile(r"^(?:\+?82[\s-]*\(?0?\)?|0)(1[016789])[\s.-]*(\d{3,4})[\s.-]*(\d{4})$")
FULL_WIDTH = str.maketrans("０１２３４５６７８９＋－", "0123456789+-")


def phone_value(text: str, country: str = "KR") -> str:
    """010-1234-5678 → +821012345678. Raises ValidationError when it can be no number.

    A Korean mobile number that lost its first zero in a spreadsheet (1012345678) is understood.
    """
    given = tidy(text).translate(FULL_WIDTH)
    if country == "KR":
        if re.fullmatch(r"10\d{8}", given):
            given = "0" + given
        if match := KOREAN.match(given):
            return "+82" + "".join(match.groups())
    try:
        number = phonenumbers.parse(given, country)
    except phonenumbers.NumberParseException:
        raise ValidationError(_("“%(text)s” is not a phone number.") % {"text": text}) from None
    if not phonenumbers.is_possible_number(number):
        raise ValidationError(_("“%(text)s” is not a phone number.") % {"text": text})
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def phone_tail(value: str) -> str:
    """The digits backwards, so that "ends with" is a prefix test."""
    return re.sub(r"\D", "", value)[::-1][:20]


def email_value(text: str) -> str:
    """An e-mail address in lower case; ValidationError when it is none."""
    given = tidy(text).lower()
    try:
        validate_email(given)
    except ValidationError:
        raise ValidationError(_("“%(text)s” is not an e-mail address.") % {"text": text}) from None
    return given


def contact_value(kind: str, text: str, country: str = "KR") -> str:
    """The one written form of a contact point of this kind; ValidationError when it is none."""
    match kind:
        case "phone":
            return phone_value(text, country)
        case "email":
            return email_value(text)
        case _:
            line = tidy(text)
            if not line:
                raise ValidationError(_("An address cannot be empty."))
            return line[:254]
