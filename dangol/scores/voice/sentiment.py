"""Sentiment of Korean sentences by parts of words, learned from the scores that customers gave with them.

No labels are made by hand: words written beside a low score are discontent, beside a high one
content. Parts of two to four characters inside words make particles and endings harmless.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from dangol.scores.arrays import Floats

WIDTH = 2**16
LOW, HIGH = 50_000, 75_000
"""Thousandths of a point: below is discontent, above content, between teaches nothing."""


def vectors(texts: list[str]) -> sparse.csr_matrix:
    """Texts as hashed parts of words; nothing of the vocabulary is kept anywhere."""
    from sklearn.feature_extraction.text import HashingVectorizer

    hashing = HashingVectorizer(
        analyzer="char_wb", ngram_range=(2, 4), n_features=WIDTH, alternate_sign=False, norm="l2"
    )
    return hashing.transform(texts)


def weights_from(texts: list[str], content: Any) -> dict[str, Any]:
    """Logistic regression's weights."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=8.0, max_iter=400, class_weight="balanced")
    model.fit(vectors(texts), content)
    return {
        "weight": model.coef_[0].astype(np.float32),
        "base": model.intercept_.astype(np.float64),
    }


def sentiment(texts: list[str], weights: dict[str, Any]) -> Floats:
    """From −1 (surely discontent) to 1 (surely content)."""
    if not texts:
        return np.empty(0)
    odds = vectors(texts) @ weights["weight"].astype(np.float64) + float(weights["base"][0])
    return np.asarray(2 / (1 + np.exp(-np.clip(odds, -50, 50))) - 1)


def topics(texts: list[str], count: int) -> tuple[Any, list[list[str]]]:
    """The topic of each text and each topic's words: non-negative factors of words by texts."""
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfVectorizer

    from dangol.scores.voice.words_of import words_of

    weighing = TfidfVectorizer(analyzer=lambda t: sorted(words_of(t)), min_df=max(2, len(texts) // 2000), max_df=0.5, max_features=4000)  # fmt: skip
    matrix = weighing.fit_transform(texts)
    factors = NMF(
        n_components=min(count, *matrix.shape), init="nndsvda", max_iter=200, random_state=0
    )
    share = factors.fit_transform(matrix)
    names = weighing.get_feature_names_out()
    words = [
        [str(names[i]) for i in np.argsort(-row)[:5] if row[i] > 0] for row in factors.components_
    ]
    return np.where(share.max(axis=1) > 0, share.argmax(axis=1), -1), words
