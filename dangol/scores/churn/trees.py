"""Boosted trees as plain arrays: what scikit-learn learned, kept without its objects, and explained.

A customer's score is the base plus, for each step down a tree, the change of the node's mean
(Saabas 2014; Palczewska et al. 2013, arXiv:1312.1121): the changes by feature are the reasons, and
they add up to the score exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dangol.scores.arrays import Floats


@dataclass(frozen=True)
class Trees:
    """All nodes of all trees in one row; `root` says where each tree begins."""

    base: float
    root: npt.NDArray[np.int32]
    feature: npt.NDArray[np.int32]
    """−1: a leaf."""
    threshold: Floats
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    missing_left: npt.NDArray[np.bool_]
    value: Floats

    @classmethod
    def of(cls, model: Any) -> Trees:
        """From a fitted HistGradientBoostingClassifier of two classes."""
        nodes = [stage[0].nodes for stage in model._predictors]
        root = np.cumsum([0, *(len(n) for n in nodes)])
        every = np.concatenate(nodes)
        shift = np.repeat(root[:-1], [len(n) for n in nodes])
        leaf = every["is_leaf"].astype(bool)
        trees = cls(
            float(np.ravel(model._baseline_prediction)[0]), root[:-1].astype(np.int32),
            np.where(leaf, -1, every["feature_idx"]).astype(np.int32), every["num_threshold"].astype(float),
            (every["left"] + shift).astype(np.int32), (every["right"] + shift).astype(np.int32),
            every["missing_go_to_left"].astype(bool), every["value"].astype(float),
        )  # fmt: skip
        trees.mean_of_children(every["count"].astype(float))
        return trees

    def mean_of_children(self, count: Floats) -> None:
        """Give each inner node the mean of its children; children stand behind their parent."""
        for node in range(len(self.feature) - 1, -1, -1):
            if self.feature[node] >= 0:
                a, b = self.left[node], self.right[node]
                self.value[node] = (count[a] * self.value[a] + count[b] * self.value[b]) / max(
                    count[a] + count[b], 1
                )

    def explained(self, rows: Floats) -> tuple[Floats, Floats]:
        """The log-odds of each row, and what each feature added (shape rows × features)."""
        n = len(rows)
        added = np.zeros(rows.shape)
        score = np.full(n, self.base)
        everyone = np.arange(n)
        for root in self.root:
            score += self.value[root]
            at, here = np.full(n, root), everyone
            while len(here):
                feature = self.feature[at]
                inner = feature >= 0
                here, at, feature = here[inner], at[inner], feature[inner]
                value = rows[here, feature]
                unknown = np.isnan(value)
                goes = np.where(unknown, self.missing_left[at], value <= self.threshold[at])
                child = np.where(goes, self.left[at], self.right[at])
                change = self.value[child] - self.value[at]
                score[here] += change
                added[here, feature] += change
                at = child
        return score, added

    def arrays(self) -> dict[str, Any]:
        """For keeping."""
        return {**vars(self), "base": np.array([self.base])}

    @classmethod
    def from_arrays(cls, kept: dict[str, Any]) -> Trees:
        """As it was kept."""
        return cls(**{**kept, "base": float(kept["base"][0])})
