"""Two people, or two tabs, design the same survey and weigh the same index at the same time."""

import threading

import pytest
from django.db import connection

from dangol.surveys.actions import (
    create_survey,
    define_index,
    publish_version,
    save_draft_version,
)
from dangol.surveys.actions.design import DraftChanged
from dangol.surveys.models import Index


def question(words):
    return [{"key": "overall", "type": "scale", "text": {"ko": words}}]


def at_once(*deeds):
    """Run them together; what each of them raised."""
    raised, gate = [], threading.Barrier(len(deeds))

    def run(deed):
        gate.wait()
        try:
            deed()
        except Exception as error:  # noqa: BLE001 - the test looks at what it was
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.django_db(transaction=True)
def test_a_draft_saved_while_it_is_published_is_before_or_after_it():
    survey = create_survey(key="both", title="동시에", process="other", by=None)
    for turn in range(10):
        draft = save_draft_version(survey, question(f"{turn}"), by=None)
        raised = at_once(
            lambda draft=draft: publish_version(draft, by=None),
            lambda turn=turn: save_draft_version(survey, question(f"{turn} b"), by=None),
            lambda turn=turn: save_draft_version(survey, question(f"{turn} c"), by=None),
        )
        assert not raised
    assert survey.versions.exclude(published_at=None).count() == 10


@pytest.mark.django_db(transaction=True)
def test_weights_defined_at_once_are_numbered_one_after_the_other():
    def weigh(weight):
        define_index("other", [{"key": "a", "text": {"ko": "가"}, "weight": weight}], by=None)

    assert not at_once(*[lambda weight=weight: weigh(weight) for weight in range(1, 7)])
    assert list(Index.objects.filter(process="other").values_list("number", flat=True)) == [
        1, 2, 3, 4, 5, 6,
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_drafts_of_the_same_sight_one_is_told():
    survey = create_survey(key="two", title="둘", process="other", by=None)
    raised = at_once(
        lambda: save_draft_version(survey, question("가"), by=None, revision=1),
        lambda: save_draft_version(survey, question("나"), by=None, revision=1),
    )
    assert [type(error) for error in raised] == [DraftChanged]
