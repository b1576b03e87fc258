"""EASE: which product goes with which, in closed form; learns from one more purchase in a fraction of a millisecond.

Steck (2019), Embarrassingly Shallow Autoencoders for Sparse Data, WWW: with the Gram matrix
G = XᵀX + λI and P = G⁻¹, the weights are B = −P / diag(P) with zeros on the diagonal; a customer's
scores are the sum of the rows of B of what they have.

One more purchase of product j by a customer with products x changes G by e_j e_jᵀ + e_j xᵀ + x e_jᵀ,
so that P' = P − W K Wᵀ with W = P [e_j, x] and a 2 × 2 matrix K (Woodbury). The factors are kept
beside P and multiplied in only once in a while: learning and asking both cost a few row sums.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from dangol.scores.arrays import Floats, Ints

KEPT = 64
"""Purchases learned before their factors are multiplied into P."""
CHANGE = np.array([[0.0, 1.0], [1.0, -1.0]])
"""The inverse of [[1, 1], [1, 0]], the change of G in the columns [e_j, x]."""


class Ease:
    """A learned model; the same object answers and learns, one thread at a time for learning."""

    def __init__(self, inverse: Floats) -> None:
        self.inverse = inverse
        self.diagonal = inverse.diagonal().copy()
        self.left = np.empty((len(inverse), 2 * KEPT))
        self.right = np.empty((len(inverse), 2 * KEPT))
        self.learned = 0

    @classmethod
    def fitted(cls, owned: sparse.csr_matrix, ridge: float) -> Ease:
        """From customers × products of zeros and ones."""
        gram = np.asarray((owned.T @ owned).todense(), dtype=np.float64)
        gram[np.diag_indices_from(gram)] += ridge
        return cls(np.linalg.inv(gram))

    def rows(self, products: Ints, weight: Floats | None = None) -> Floats:
        """The sum of the rows of P of these products, or their weighted sum (shape: all products)."""
        weight = np.ones(len(products)) if weight is None else weight
        found = weight @ self.inverse[products]
        if self.learned:
            pending = slice(0, 2 * self.learned)
            found = found - self.left[:, pending] @ (weight @ self.right[products, pending])
        return np.asarray(found)

    def scores(self, products: Ints, weight: Floats | None = None) -> Floats:
        """How well each product goes with what somebody has; −∞ for what they have already."""
        said = -self.rows(products, weight) / self.diagonal
        said[products] = -np.inf
        return np.asarray(said)

    def weights(self, owned: Ints, product: int) -> Floats:
        """What each owned product contributes to the score of another one."""
        column = self.inverse[owned, product]
        if self.learned:
            pending = slice(0, 2 * self.learned)
            column = column - self.left[owned, pending] @ self.right[product, pending]
        return np.asarray(-column / self.diagonal[product])

    def learn(self, products: Ints, product: int) -> None:
        """Somebody who had `products` bought one more; bought again it says nothing new."""
        if product in products:
            return
        own = self.rows(np.array([product]))
        both = np.column_stack([own, self.rows(products) if len(products) else np.zeros_like(own)])
        if len(products) == 0:
            kept = both[:, :1] / (1 + own[product])
            self.remember(
                np.column_stack([own, np.zeros_like(own)]),
                np.column_stack([kept, np.zeros_like(own)]),
            )
            return
        inner = np.array(
            [
                [own[product], both[product, 1]],
                [both[product, 1], both[products, 1].sum()],
            ]
        )
        self.remember(both, both @ np.linalg.inv(CHANGE + inner))

    def remember(self, left: Floats, right: Floats) -> None:
        """Keep the factors; multiply them in when there are many."""
        at = slice(2 * self.learned, 2 * self.learned + 2)
        self.left[:, at], self.right[:, at] = left, right
        self.diagonal = self.diagonal - (left * right).sum(axis=1)
        self.learned += 1
        if self.learned == KEPT:
            self.fold()

    def fold(self) -> None:
        """Multiply the kept factors into P."""
        pending = slice(0, 2 * self.learned)
        self.inverse = self.inverse - self.left[:, pending] @ self.right[:, pending].T
        self.learned = 0

    def matrix(self) -> Floats:
        """B, whole."""
        self.fold()
        said = -self.inverse / self.diagonal
        np.fill_diagonal(said, 0)
        return np.asarray(said)
