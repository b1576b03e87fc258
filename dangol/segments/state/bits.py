"""Sets of customers as bits: the n-th bit is the customer numbered n. Five millions are 0.6 MB."""

from __future__ import annotations

import numpy as np

Bits = np.ndarray
Numbers = np.ndarray
LITTLE = "little"


def packed(truth: np.ndarray) -> Bits:
    """One truth a number as bits."""
    return np.packbits(truth, bitorder=LITTLE)


def of_numbers(numbers: Numbers) -> Bits:
    """Numbers as bits."""
    truth = np.zeros(int(numbers.max()) + 1 if len(numbers) else 0, bool)
    truth[numbers] = True
    return packed(truth)


def numbers_of(bits: Bits) -> Numbers:
    """The numbers of a set, sorted; fast where few are in it."""
    full = np.flatnonzero(bits)
    inside = np.unpackbits(bits[full], bitorder=LITTLE).reshape(-1, 8)
    rows, places = np.nonzero(inside)
    return full[rows].astype(np.int64) * 8 + places


def size(bits: Bits) -> int:
    """How many are in a set."""
    return int(np.bitwise_count(bits).sum(dtype=np.int64))


def minus(some: Bits, other: Bits) -> Bits:
    """Who is in the first and not in the second."""
    left = some.copy()
    both = min(len(some), len(other))
    left[:both] &= ~other[:both]
    return left


def shared(some: Bits, other: Bits) -> int:
    """How many are in both."""
    both = min(len(some), len(other))
    return size(some[:both] & other[:both])


def different(numbers: Numbers) -> Numbers:
    """Each number once, sorted: `np.unique` hashes, which takes fifty times as long for millions."""
    ordered = np.sort(numbers)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]]
