"""Per-customer state: what segments and scores ask again and again, kept and merged day by day.

    kept = State.newest()                          # None: nothing was kept yet
    state = bring(seen, day, measures)             # up to a version of the lake and a day
    state.values(measure)                          # one number a customer, by the customer's number
    state.found(rule)                              # for whom a rule holds, as bits (state/bits.py)

    state.book("transactions")                    # the facts in order (state/book.py), if rules ask them

What a measure costs after the first time grows with the rows that came and went and with the days
that passed, never with history. The full recomputation is the test.
"""

from dangol.segments.state.measures import Measure, keep, measure_of, measures_in, wanted_elsewhere
from dangol.segments.state.merging import bring
from dangol.segments.state.store import State

__all__ = ["Measure", "State", "bring", "keep", "measure_of", "measures_in", "wanted_elsewhere"]
