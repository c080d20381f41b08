"""Core-sets of data: each published method, with what it looks at made of the rows when it asks for it."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from tacit import selection
from tacit.errors import NotLearnable, OptionError
from tacit.learners import Cache, Data, Floats, Learner, choices, get
from tacit.learners.diary import Diary
from tacit.learners.points import features_of, view_of
from tacit.selection import Coreset
from tacit.selection.coresets.rankings import highest
from tacit.types import VectorKind

__all__ = ["METHODS", "OF_CLASSES", "Look"]

_EARLY = 3
"""Epochs whose error norms are averaged for EL2N: after that rows are told apart by being learned by heart."""

_DRAWN = 200
"""Models that are drawn for a Hilbert core-set."""

_DIARIES = ("convnet-small", "mlp")
"""Learners that keep diaries, in the order in which they are asked for rows that they take."""

_AT_ONCE = 2048


class Look:
    """What methods look at, made when one asks for it.

    Arguments:
        data: The rows.
        proxy: The learner that keeps a diary, or "auto".
        seed: For draws and the proxy.

    Attributes:
        told: What was used besides the rows, in words.
    """

    def __init__(self, data: Data, proxy: str, seed: int) -> None:
        self.data, self.seed, self.told = data, seed, ""
        self._proxy, self._cache = proxy, Cache()

    @property
    def classes(self) -> NDArray[np.int64]:
        """(n,) the class of each row."""
        return np.asarray(self.data.target.argmax(axis=1), np.int64)

    @functools.cached_property
    def points(self) -> Floats:
        """(n, d) float32."""
        view = view_of(None if self._proxy == "auto" else self._proxy)
        return features_of(
            self.data.columns, self.data.kinds, view=view, pretrained=dict(self.data.pretrained), cache=self._cache
        )

    @functools.cached_property
    def diary(self) -> Diary:
        """What the proxy made of each row while it learned."""
        learner, data = self._learner()
        self.told = f", with {learner.name}"
        cache = Cache()
        cache.diary = Diary(data.target)
        learner.fit(data, learner.portfolio(data)[0], seed=self.seed, cache=cache)
        if cache.diary.epochs < 2:
            raise OptionError(
                f"{learner.name} does not tell which rows are hard to learn",
                right=f"a learner that sees rows again and again does: {', '.join(_DIARIES)}, convnet or encoder-finetune",
                next="--proxy mlp",
            )
        return cache.diary

    def _learner(self) -> tuple[Learner, Data]:
        kinds, output = self.data.kinds, self.data.output
        if self._proxy != "auto":
            learner = get(self._proxy)
            if learner.accepts(kinds, output):
                return learner, self.data
            if self._proxy != "mlp":
                right = f"choose {' or '.join(choices(kinds, output))}, or mlp"
                raise OptionError(f"{self._proxy} does not fit these inputs", right=right, next="--proxy mlp")
        else:
            for name in _DIARIES:
                learner = get(name)
                if (
                    learner.accepts(kinds, output)
                    and learner.lacks(self.data) is None
                    and all(k.role != "text" for k in kinds.values())
                ):
                    return learner, self.data
        points = self.points
        columns = {"point": [tuple(row) for row in points.tolist()]}
        return get("mlp"), dataclasses.replace(self.data, kinds={"point": VectorKind(points.shape[1])}, columns=columns)

    @functools.cached_property
    def forgotten(self) -> Floats:
        """(n,) how often each row was forgotten; infinite where it was never learned."""
        return selection.forgetting_counts(self.diary.right)

    @functools.cached_property
    def likelihoods(self) -> Floats:
        """(n, J) the log likelihood of each row under J linear models, drawn about the one that fits: the random features of a
        Hilbert core-set (Campbell and Broderick, "Automated scalable Bayesian inference via Hilbert coresets", JMLR 2019, section 4).
        """
        chance, points = np.random.default_rng(self.seed), self.points
        learner, columns = get("linear"), {"point": [tuple(row) for row in points.tolist()]}
        data = dataclasses.replace(self.data, kinds={"point": VectorKind(points.shape[1])}, columns=columns)
        scores = np.log(
            np.maximum(learner.fit(data, learner.portfolio(data)[0], seed=self.seed, cache=Cache()).predict(columns), 1e-9)
        )
        # Steps that move the scores of a usual row by about 1.
        size = float(np.sqrt((points**2).sum(1).mean())) or 1.0
        found = np.empty((self.data.n, _DRAWN))
        for j in range(_DRAWN):
            moved = scores + points @ chance.normal(0, 1 / size, (points.shape[1], scores.shape[1]))
            moved -= moved.max(axis=1, keepdims=True)
            found[:, j] = ((moved - np.log(np.exp(moved).sum(axis=1, keepdims=True))) * self.data.target).sum(axis=1)
        return np.asarray(found / np.sqrt(_DRAWN))


def _uniform(look: Look, rows: NDArray[np.intp], keep: int) -> Coreset:
    return selection.uniform(len(rows), keep, seed=look.seed)


def _stratified(look: Look, rows: NDArray[np.intp], keep: int) -> Coreset:
    return selection.stratified(look.classes[rows], keep, seed=look.seed)


def _k_center(look: Look, rows: NDArray[np.intp], keep: int) -> Coreset:
    """Each row that is kept speaks for those that are nearest to it."""
    points = look.points[rows]
    chosen = selection.k_center(points, keep)
    near = np.zeros(len(rows), np.int64)
    size = (points[chosen].astype(np.float64) ** 2).sum(1)
    for start in range(0, len(rows), _AT_ONCE):
        some = points[start : start + _AT_ONCE]
        near[start : start + _AT_ONCE] = (size - 2 * some @ points[chosen].T).argmin(1)
    weights = np.maximum(np.bincount(near, minlength=keep), 1).astype(np.float64)
    return Coreset(np.asarray(chosen, np.int64), weights, np.arange(keep, 0, -1.0), np.ones(keep), "k-center")


def _herding(look: Look, rows: NDArray[np.intp], keep: int) -> Coreset:
    return selection.herding(look.points[rows], look.classes[rows], keep)


def _forgetting(look: Look, rows: NDArray[np.intp], keep: int) -> Coreset:
    return selection.forgetting(look.diary.right[:, rows], keep, seed=look.seed)


def _el2n(look: Look, rows: NDArray[np.intp], keep: int) -> Coreset:
    norms = look.diary.norms[:_EARLY].mean(axis=0)[rows]
    return highest(norms.astype(np.float64), keep, "el2n", look.seed)


def _coverage_centric(look: Look, rows: NDArray[np.intp], keep: int) -> Coreset:
    counts = look.forgotten[rows]
    most = counts[np.isfinite(counts)].max(initial=0.0) + 1  # never learned is harder than forgotten often
    hardest = min(0.1, 1 - keep / len(rows))
    return selection.coverage_centric(np.where(np.isfinite(counts), counts, most), keep, hardest=hardest, seed=look.seed)


def _lightweight(look: Look, rows: NDArray[np.intp], keep: int) -> Coreset:
    return selection.lightweight(look.points[rows], keep, seed=look.seed)


def _kmeans(look: Look, rows: NDArray[np.intp], keep: int) -> Coreset:
    return selection.kmeans_sensitivity(look.points[rows], keep, clusters=min(10, len(rows)), seed=look.seed)


def _hilbert_importance(look: Look, rows: NDArray[np.intp], keep: int) -> Coreset:
    return selection.hilbert_importance(look.likelihoods[rows], keep, seed=look.seed)


def _hilbert_frank_wolfe(look: Look, rows: NDArray[np.intp], keep: int) -> Coreset:
    return selection.hilbert_frank_wolfe(look.likelihoods[rows], keep)


def _giga(look: Look, rows: NDArray[np.intp], keep: int) -> Coreset:
    return selection.giga(look.likelihoods[rows], keep)


def _logistic(look: Look, rows: NDArray[np.intp], keep: int) -> Coreset:
    if look.data.classes != 2:
        raise NotLearnable(
            f'"logistic-sensitivity" is for two classes, and there are {look.data.classes or "none"}', next="--method stratified"
        )
    signs = 2.0 * look.classes[rows] - 1
    return selection.logistic_sensitivity(look.points[rows], signs, keep, clusters=min(6, len(rows)), seed=look.seed)


OF_CLASSES = (
    "stratified",
    "herding",
    "forgetting",
    "el2n",
    "coverage-centric",
    "hilbert-importance",
    "hilbert-frank-wolfe",
    "giga",
    "logistic-sensitivity",
)
"""Methods for categories."""

METHODS: Mapping[str, Callable[[Look, NDArray[np.intp], int], Coreset]] = {
    "uniform": _uniform,
    "stratified": _stratified,
    "k-center": _k_center,
    "herding": _herding,
    "forgetting": _forgetting,
    "el2n": _el2n,
    "coverage-centric": _coverage_centric,
    "lightweight": _lightweight,
    "kmeans-sensitivity": _kmeans,
    "hilbert-importance": _hilbert_importance,
    "hilbert-frank-wolfe": _hilbert_frank_wolfe,
    "giga": _giga,
    "logistic-sensitivity": _logistic,
}
"""Name -> what chooses `keep` of some rows."""
