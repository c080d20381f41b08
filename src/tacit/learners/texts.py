"""Text columns -> tf-idf features (Salton and Buckley, 1988), sparse, or a few topics of them, dense."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse

from tacit.learners.contract import Columns, Floats, check_time
from tacit.learners.features import Encoder
from tacit.learners.ngrams import Counts, count
from tacit.learners.roles import as_text

__all__ = ["Grams", "Topics", "directions", "fit_grams", "fit_topics"]


@dataclass(frozen=True)
class Grams(Encoder):
    """(1 + log count) * idf of each n-gram of a text, scaled to length 1: scikit-learn's `TfidfVectorizer(sublinear_tf=True)`.

    Attributes:
        column: A column of text or words.
        family: As in `ngrams`.
        vocabulary: (p,) the hashes of the n-grams, ascending.
        idf: (p,).
    """

    column: str
    family: str
    vocabulary: npt.NDArray[np.uint64]
    idf: Floats

    def encode(self, columns: Columns) -> Any:
        return self._weigh(count([as_text(v) for v in columns[self.column]], self.family), len(columns[self.column]))

    def _weigh(self, chunks: Iterable[Counts], n: int) -> Any:
        """The features of n texts that were counted."""
        p = len(self.vocabulary)
        entries, lengths, values = [np.empty(0, np.int32)], [np.zeros(1, np.int64)], [np.empty(0, np.float32)]
        for chunk in chunks:
            place = np.searchsorted(self.vocabulary, chunk.grams)
            known = place < p
            known[known] = self.vocabulary[place[known]] == chunk.grams[known]
            kept = np.flatnonzero(known[chunk.gram])
            at, text = place[chunk.gram[kept]], chunk.text[kept]
            value = (1 + np.log(chunk.count[kept])) * self.idf[at]
            norm = np.sqrt(np.bincount(text, value * value, chunk.n))
            entries.append(at.astype(np.int32))
            lengths.append(np.bincount(text, minlength=chunk.n))
            values.append((value / norm[text]).astype(np.float32))
        indptr = np.cumsum(np.concatenate(lengths))
        return scipy.sparse.csr_matrix((np.concatenate(values), np.concatenate(entries), indptr), shape=(n, p))


def fit_grams(column: str, values: Sequence[Any], family: str, *, most: int, deadline: float | None) -> tuple[Grams, Any]:
    """The vocabulary of a column, and the column's features.

    Arguments:
        column: A column of text or words.
        values: The training rows.
        family: As in `ngrams`.
        most: How many n-grams to keep: those in the most texts.
        deadline: In seconds of `time.monotonic`.

    Raises:
        BudgetError: The deadline passed while the texts were counted.
    """
    chunks = []
    for chunk in count([as_text(v) for v in values], family):
        chunks.append(chunk)
        if len(chunks) > 1:
            check_time(deadline)
    n = len(values)
    grams, frequency = _frequencies(chunks)
    # What stands in one text alone cannot be learned from, unless texts are so few that everything does.
    least = 2 if n >= 50 else 1
    kept = frequency >= least
    if kept.sum() > most:
        ranked = np.lexsort((grams, -frequency))[:most]
        kept = np.zeros(len(grams), dtype=bool)
        kept[ranked] = True
    idf = np.log((1 + n) / (1 + frequency[kept])) + 1
    encoder = Grams(column, family, grams[kept], idf.astype(np.float32))
    return encoder, encoder._weigh(chunks, n)


def _frequencies(chunks: Sequence[Counts]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """The n-grams of all chunks, ascending, and in how many texts each stands."""
    if not chunks:
        return np.empty(0, np.uint64), np.empty(0, np.int64)
    grams, place = np.unique(np.concatenate([c.grams for c in chunks]), return_inverse=True)
    counted = np.concatenate([np.bincount(c.gram, minlength=len(c.grams)) for c in chunks])
    return grams, np.bincount(place, counted, len(grams)).astype(np.int64)


@dataclass(frozen=True)
class Topics(Encoder):
    """A text's length, its shares of digits, capitals and signs, and its place in the main directions of its tf-idf features.

    Attributes:
        column, vocabulary, idf: As in `Grams`, of words.
        directions: (p, d) right singular vectors (Deerwester et al., 1990).
    """

    column: str
    vocabulary: npt.NDArray[np.uint64]
    idf: Floats
    directions: Floats

    @cached_property
    def _grams(self) -> Grams:
        return Grams(self.column, "words", self.vocabulary, self.idf)

    def encode(self, columns: Columns) -> Floats:
        shapes = np.array([_shape(as_text(v)) for v in columns[self.column]], dtype=np.float64).reshape(-1, 4)
        return np.hstack([shapes, self._grams.encode(columns) @ self.directions])

    def flops(self, columns: Columns) -> float:
        return float(2 * self._grams.encode(columns).nnz * self.directions.shape[1])


def fit_topics(column: str, values: Sequence[Any], *, most: int, deadline: float | None) -> Topics:
    """The main directions of a text column. Arguments and errors are those of `fit_grams`."""
    grams, features = fit_grams(column, values, "words", most=most, deadline=deadline)
    return Topics(column, grams.vocabulary, grams.idf, directions(features, 24))


def directions(features: Any, most: int) -> Floats:
    """(p, d) the main right singular vectors, by the randomized method of Halko, Martinsson and Tropp (2011).

    SciPy's `svds` would do, but starts again from a state that outlives the call where the rank is low.
    """
    n, p = features.shape
    if min(n, p) == 0:
        return np.zeros((p, 0))
    basis = np.random.default_rng(0).normal(size=(p, min(most + 8, n, p)))
    for _ in range(4):
        basis = np.linalg.qr(features.T @ np.linalg.qr(features @ basis)[0])[0]
    _, sizes, turned = np.linalg.svd(features @ basis, full_matrices=False)
    return np.ascontiguousarray((basis @ turned.T)[:, :most][:, sizes[:most] > 1e-6 * sizes[0]])


def _shape(text: str) -> tuple[float, ...]:
    n = max(1, len(text))
    plain = sum(map(str.isalnum, text)) + sum(map(str.isspace, text))
    return (float(len(text)), sum(map(str.isdigit, text)) / n, sum(map(str.isupper, text)) / n, 1 - plain / n)
