"""Labeling replayed: whoever chooses sees the rows, and the labels of what it chose, and nothing else.

The loop is that of Coleman et al. (2020), "Selection via proxy", as their code has it: in each round a proxy is fitted from
scratch on the labels there are, looks at the rest and picks; the final learner is fitted from scratch too, and never chooses.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.learners import Cache, Columns, Data, Learner
from tacit.learners.points import features_of, view_of
from tacit.learners.vectors import Vectors, apart
from tacit.metrics import Metric, measure
from tacit.scouting import Sight, known_strategy, needs_model, refuse_votes, scout
from tacit.simulations import Round
from tacit.types import Category, Number

__all__ = ["Rehearsal", "first_labels", "rehearse", "uses_proxy"]

_ASSURED = 2
"""With so many labels a class or more, the first round has one of each class."""

Index = NDArray[np.intp]


@dataclass(frozen=True)
class Rehearsal:
    """What is replayed, the same for every strategy.

    Attributes:
        data: The rows to label, with the labels that they will have.
        columns: Of the rows that scores are measured on.
        target: Their labels, as in `Data`.
        rounds: Numbers of labels, ascending.
        learner: The final one.
        proxy: The one that chooses, where a strategy needs one.
        metric: The name of the scores.
        seed: Of the first round, the draws and the learners.
    """

    data: Data
    columns: Columns
    target: NDArray[Any]
    rounds: Sequence[int]
    learner: Learner
    proxy: Learner
    metric: str
    seed: int


@dataclass
class _Side:
    """What one learner keeps from round to round; it begins empty, so that nobody is quick by what others made."""

    cache: Cache = field(default_factory=Cache)
    held: dict[str, Vectors] = field(default_factory=dict)


def rehearse(given: Rehearsal, strategy: str, *, on_round: Callable[[Round], None]) -> None:
    """Replay one strategy, and hand over each round as it is done.

    What the chooser and the final learner keep between rounds is apart, and begins empty: features that both need are paid for
    twice, as they would be if the final learner came much later. What is loaded once for each process, such as the weights of a
    pretrained encoder, is loaded before the clock starts.
    """
    refuse_votes(strategy)
    chooser, final = _Side(), _Side()
    labeled = first_labels(given.data, given.rounds[0], given.seed)
    space: NDArray[Any] | None = None
    _warm_up(given, strategy, labeled)
    spent = 0.0
    for i, n in enumerate(given.rounds):
        if i:
            began = time.perf_counter()
            with apart(chooser.held):
                if space is None and "features" in known_strategy(strategy).needs:
                    space = _space(given, chooser)
                labeled = _widened(given, strategy, labeled, n, space, chooser.cache)
            spent = time.perf_counter() - began
        with apart(final.held):
            rows = given.data.take(labeled)
            began = time.perf_counter()
            model = given.learner.fit(rows, given.learner.portfolio(rows)[0], seed=given.seed, cache=final.cache)
            took = time.perf_counter() - began
            found = _measured(given, model.predict(given.columns))
        on_round(Round(n, found.value, found.interval, spent, took))


def first_labels(data: Data, n: int, seed: int) -> Index:
    """(n,) the rows of the first round, by a draw that depends on the seed alone.

    Of at least two labels a class, one row of each class is drawn, as if people were asked to bring an example of each, and the
    others from all that is left; that is a little more even than a plain draw. With fewer the draw is plain, but never of one
    class alone.
    """
    order = np.random.default_rng((seed, 0)).permutation(data.n)
    if not isinstance(data.output, Category):
        return order[:n]
    classes = data.target.argmax(axis=1)[order]
    firsts = np.unique(classes, return_index=True)[1]
    if n < _ASSURED * len(firsts):
        firsts = np.sort(firsts)[:2]
    rest = np.setdiff1d(np.arange(data.n), firsts)[: n - len(firsts)]
    return np.asarray(order[np.sort(np.concatenate([firsts, rest]))[:n]])


def _widened(given: Rehearsal, strategy: str, labeled: Index, n: int, space: NDArray[Any] | None, cache: Cache) -> Index:
    """The labeled rows, and what the strategy adds to make n."""
    rest = np.setdiff1d(np.arange(given.data.n), labeled)
    seen = scout(strategy, given.data.take(labeled), learner=given.proxy, seed=given.seed, cache=cache)
    sight = None if space is None else Sight(space[rest], space[labeled])
    columns = _columns(given.data, rest)
    seed = int(np.random.default_rng((given.seed, n)).integers(2**32))
    picked = seen.strategy.pick(seen.look([columns], sight=sight), n - len(labeled), seed)
    return np.concatenate([labeled, rest[picked.rows]])


def _space(given: Rehearsal, chooser: _Side) -> NDArray[Any]:
    """All rows to label as points, made once: their inputs are there from the start."""
    data, view = given.data, view_of(given.proxy.name)
    return features_of(data.columns, data.kinds, view=view, pretrained=data.pretrained, cache=chooser.cache)


def _warm_up(given: Rehearsal, strategy: str, labeled: Index) -> None:
    """Import and load what will be needed; what that makes is thrown away."""
    rows = given.data.take(labeled)
    for learner in (given.learner, given.proxy) if uses_proxy(strategy, given.proxy) else (given.learner,):
        learner.warm_up()
        with apart({}):
            learner.seconds(rows, learner.portfolio(rows)[0])  # to tell the time, it loads its encoder


def uses_proxy(strategy: str, proxy: Learner) -> bool:
    """Whether a strategy asks this proxy anything: what it predicts, or how it sees texts and images."""
    return needs_model(strategy) or ("features" in known_strategy(strategy).needs and view_of(proxy.name) != "cheap")


def _measured(given: Rehearsal, predicted: NDArray[Any]) -> Metric:
    output = given.data.output
    if isinstance(output, Number):
        predicted = np.clip(predicted, output.low, output.high)
        predicted = np.rint(predicted) if output.whole else predicted
    return measure(given.metric, predicted, given.target, seed=given.seed)


def _columns(data: Data, rows: Index) -> dict[str, list[Any]]:
    picked = rows.tolist()
    return {name: [values[i] for i in picked] for name, values in data.columns.items()}
