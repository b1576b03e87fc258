"""One failed row holds up no other."""

import pytest

from dangol.core.jobs import one_by_one


def test_what_fails_holds_up_no_other(caplog):
    done = []

    def step(number):
        if number == 2:
            raise ValueError("broken")
        done.append(number)

    with pytest.raises(ExceptionGroup) as failed:
        one_by_one([1, 2, 3], step)
    assert done == [1, 3]
    assert [str(e) for e in failed.value.exceptions] == ["broken"]
    assert "failed for 2" in caplog.text
