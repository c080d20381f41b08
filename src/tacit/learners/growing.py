"""The trees of `forest`, grown by scikit-learn and copied into arrays."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreeClassifier, ExtraTreeRegressor

from tacit.learners.contract import Cache, Data, Floats, Settings, check_time, threads
from tacit.learners.matrix import fit_matrix
from tacit.learners.woods import Grove, Woods, narrow

__all__ = ["fit_woods", "planted"]

_GROWERS = {
    (True, True): ExtraTreeClassifier,
    (True, False): ExtraTreeRegressor,
    (False, True): DecisionTreeClassifier,
    (False, False): DecisionTreeRegressor,
}
_MOST_LEAVES = 2_000_000
"""Of all trees: some 40 MB of arrays."""

_MOST_CELLS = 4_000_000
"""Rows times columns that one tree looks at: about a second, so that deadlines are kept between trees."""


def fit_woods(learner: str, data: Data, settings: Settings, *, seed: int, deadline: float | None, cache: Cache) -> Woods:
    """Grow trees, one after the other.

    Arguments:
        learner: The name of the learner.
        data: Settled rows.
        settings: `extra` (thresholds are drawn at random, and every tree has all rows), `trees` (how many), `least` (rows in
            a leaf) and `columns` (the share that a node chooses among).
        seed: Of the rows and columns that are drawn.
        deadline: In seconds of `time.monotonic`; one tree is always grown.
        cache: Keeps the features of rows.

    Raises:
        BudgetError: The deadline passed before the features were made.
    """
    matrix = fit_matrix(data, deadline=deadline, cache=cache)
    check_time(deadline)
    values, weight, scale = narrow(matrix.values), data.weight * (data.n / data.weight.sum()), None
    at: npt.NDArray[np.intp] = np.arange(data.n)
    target: npt.NDArray[Any] = data.target
    if data.classes:
        # A row of several probable classes becomes a row for each, with its share of the weight.
        at, target = np.nonzero(data.target > 1e-3)
        weight = weight[at] * data.target[at, target]
        prior = np.average(data.target, axis=0, weights=data.weight)
    else:
        mean = float(np.average(target, weights=weight))
        scale = (mean, float(np.sqrt(np.average((target - mean) ** 2, weights=weight))) or 1.0)
        target, prior = (target - mean) / scale[1], np.zeros(1)

    def grow(tree: int) -> Any:
        return _grow(values, at, target, weight, settings, np.random.default_rng((seed, tree)), classify=bool(data.classes))

    grown: list[Any] = []
    with ThreadPoolExecutor(threads()) as pool:  # the growers let other threads run
        while len(grown) < settings["trees"]:
            some = range(len(grown), min(settings["trees"], len(grown) + threads()))
            grown += pool.map(grow, some)
            if deadline is not None and time.monotonic() > deadline:
                break
    grove, held = planted(grown, data.classes)
    return Woods(learner, {**settings, "trees": len(grown)}, matrix.encoders, grove, held, prior, scale)


def _grow(
    values: Floats,
    at: npt.NDArray[np.intp],
    target: npt.NDArray[Any],
    weight: Floats,
    settings: Settings,
    rng: np.random.Generator,
    *,
    classify: bool,
) -> Any:
    """One tree of scikit-learn, on rows `at` of the values."""
    n, wide = len(at), values.shape[1]
    most = max(1, int(_MOST_CELLS / max(1.0, wide * settings["columns"])))
    if settings["extra"]:
        drawn = rng.choice(n, most, replace=False) if n > most else np.arange(n)
    else:
        drawn, times = np.unique(rng.integers(n, size=min(n, most)), return_counts=True)
        weight = weight.copy()
        weight[drawn] *= times
    tree = _GROWERS[settings["extra"], classify](
        splitter="random" if settings["extra"] else "best",
        max_features=settings["columns"],
        min_samples_leaf=max(min(settings["least"], len(drawn)), len(drawn) * settings["trees"] // _MOST_LEAVES),
        random_state=int(rng.integers(2**31 - 1)),
    )
    return tree.fit(values[at[drawn]], target[drawn], sample_weight=weight[drawn])


def planted(grown: Sequence[Any], classes: int) -> tuple[Grove, Any]:
    """scikit-learn's trees as arrays: the nodes, and what their leaves hold."""
    columns, thresholds, children, missing, held, roots = [], [], [], [], [], [0]
    leaves = 0
    for tree in grown:
        nodes = tree.tree_
        is_leaf = nodes.children_left < 0
        column = nodes.feature.astype(np.int32)
        column[is_leaf] = -1 - leaves - np.arange(is_leaf.sum())
        leaves += int(is_leaf.sum())
        columns.append(column)
        thresholds.append(_below(nodes.threshold))
        children.append(np.column_stack([nodes.children_left, nodes.children_right]) + roots[-1])
        missing.append(np.asarray(nodes.missing_go_to_left, dtype=bool))
        roots.append(roots[-1] + len(column))
        value = np.nan_to_num(nodes.value[is_leaf, 0, :].astype(np.float32))
        if classes:
            # Few leaves hold more than one or two classes. What a tree never saw it does not know of.
            rows, of = np.nonzero(value > 1e-4)
            part = (value[rows, of], (rows, tree.classes_[of]))
            held.append(scipy.sparse.csr_matrix(part, shape=(len(value), classes)))
        else:
            held.append(scipy.sparse.csr_matrix(value))
    grove = Grove(
        np.array(roots[:-1], dtype=np.int32),
        np.concatenate(columns),
        np.concatenate(thresholds),
        np.concatenate(children).astype(np.int32),
        np.concatenate(missing),
    )
    return grove, scipy.sparse.vstack(held, format="csr").astype(np.float64)


def _below(thresholds: Floats) -> npt.NDArray[np.float32]:
    """The largest float32 that is no larger: a float32 is at most that where it is at most the threshold itself."""
    rounded = narrow(thresholds)
    return np.where(rounded > thresholds, np.nextafter(rounded, np.float32(-np.inf)), rounded)
