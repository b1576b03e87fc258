"""Subscriptions: who is due at which hour, and the mail with its files."""

from __future__ import annotations

import datetime as dt
import logging

from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from dangol.cubes.actions import give_back_mail_day, take_mail_day
from dangol.cubes.asking.addresses import question_of
from dangol.cubes.asking.answer import answer
from dangol.cubes.asking.expression import Scope
from dangol.cubes.explorer import page
from dangol.cubes.kept.files import XLSX
from dangol.cubes.kept.printing import NoPrinter, page_of, pdf_of
from dangol.cubes.kept.workbook import file_name, workbook_of
from dangol.cubes.models import Every, Subscription
from dangol.cubes.queries import views_visible_to
from dangol.warehouse.engine import Lake

log = logging.getLogger(__name__)


def due_subscriptions(at: dt.datetime) -> list[Subscription]:
    """Those whose hour has come today and that were not sent for today, on the company's clock."""
    local = timezone.localtime(at)
    day = local.date()
    kinds = [Every.DAY]
    kinds += [Every.WEEK] if day.weekday() == 0 else []
    kinds += [Every.MONTH] if day.day == 1 else []
    rows = Subscription.objects.filter(ended_at=None, hour__lte=local.hour, every__in=kinds)
    rows = rows.filter(Q(sent_on=None) | Q(sent_on__lt=day), user__is_active=True)
    return list(rows.select_related("view", "user").order_by("hour", "pk"))


def send_due(seen: Lake, at: dt.datetime) -> int:
    """Send what is due; one that cannot be sent is tried again at the next run, the others go out."""
    sent = 0
    for subscription in due_subscriptions(at):
        try:
            sent += send(subscription, seen, at)
        except OSError as failure:  # the mail server is away: smtplib's errors are of this kind
            log.warning("a subscription could not be sent: %s", failure)
    return sent


def send(subscription: Subscription, seen: Lake, at: dt.datetime) -> bool:
    """One mail, at most once for each day: the day is taken before, and given back on failure."""
    day = timezone.localtime(at).date()
    before = subscription.sent_on
    if not take_mail_day(subscription, day):
        return False
    try:
        message = mail_of(subscription, seen, day)
        if message is None:
            return False
        message.send()
    except BaseException:
        give_back_mail_day(subscription, before)
        raise
    return True


def mail_of(subscription: Subscription, seen: Lake, day: dt.date) -> EmailMessage | None:
    """The mail in the reader's language with the reader's figures; None where the view was taken away."""
    user, view = subscription.user, subscription.view
    if not views_visible_to(user).filter(pk=view.pk).exists():
        return None
    with override(user.language or "ko"):
        query = question_of(view.address)
        made = answer(query, Scope.of(user), seen, day)
        filters = [chip["sentence"] for chip in page.filter_chips(query, seen)]
        words = [_("The figures of “%(name)s” as of %(at)s.") % {"name": view.name, "at": timezone.localtime(made.as_of).strftime("%Y-%m-%d %H:%M")}]  # fmt: skip
        message = EmailMessage(subject=f"{view.name} · {day.isoformat()}", to=[user.email])
        if subscription.xlsx:
            message.attach(file_name(made, day), workbook_of(made, filters), XLSX)
        if subscription.pdf:
            try:
                pdf = pdf_of(page_of(made, view.name, filters))
                message.attach(file_name(made, day).replace(".xlsx", ".pdf"), pdf, "application/pdf")  # fmt: skip
            except NoPrinter as failure:
                log.warning("no PDF: %s", failure)
                words.append(_("The PDF could not be printed; the figures are in the workbook and in the explorer."))  # fmt: skip
        message.body = "\n\n".join(words)
        return message
