"""Writes that may be sent twice: the same Idempotency-Key gets the same answer, and one effect.

The key, the effect and the answer are stored in one transaction, so that a crash in between
leaves none of them; two equal requests at once wait for each other on the key's unique index.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from dangol.api.models import KeptAnswer
from dangol.api.problems import problem

WRITES = {"POST", "PUT", "PATCH", "DELETE"}


class Undo(Exception):
    """Leaves the transaction with its answer, and nothing stored."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def fingerprint(request: HttpRequest) -> str:
    """What makes two requests the same."""
    parts = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    return hashlib.sha256(parts).hexdigest()


def replayed(kept: KeptAnswer, request: HttpRequest) -> HttpResponse:
    """The kept answer; 422 when the key was used for something else."""
    if kept.request != fingerprint(request):
        return problem(
            422,
            _("Idempotency key used twice"),
            _("This key belongs to a request with other content."),
        )
    response = HttpResponse(kept.body, status=kept.status, content_type=kept.content_type)
    response.headers["Idempotent-Replayed"] = "true"
    return response


def once(request: HttpRequest, run: Callable[[], HttpResponse]) -> HttpResponse:
    """Run a write, or hand out its kept answer."""
    key = request.headers.get("Idempotency-Key", "")
    if request.method not in WRITES or not key:
        return run()
    if len(key) > 255:
        return problem(400, _("Idempotency key too long"), _("At most 255 characters."))
    mine = KeptAnswer.objects.filter(user=request.user, key=key)
    if kept := mine.first():
        return replayed(kept, request)
    try:
        with transaction.atomic():
            kept = KeptAnswer.objects.create(
                user=request.user, key=key, request=fingerprint(request)
            )
            response = run()
            if response.status_code >= 500:
                raise Undo(response)
            kept.status = response.status_code
            kept.body = response.content.decode()
            kept.content_type = response.headers.get("Content-Type", "application/json")
            kept.save()
            return response
    except Undo as undo:
        return undo.response
    except IntegrityError:
        if kept := mine.first():
            return replayed(kept, request)
        raise
