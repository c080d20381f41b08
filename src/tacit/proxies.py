"""Choosing through a proxy: the cheapest learner that ranks rows as the model does which will be trained on them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tacit.learners import Cache, Columns, Data, Learner, Model, Settings, choices, get
from tacit.learners.features import length
from tacit.selection import Agreement, agreement, uncertainty
from tacit.types import Category

__all__ = ["StandIn", "stand_in", "suited"]

_SHORT = 20.0
"""Seconds that the model may take for the whole pool before a proxy is looked for."""

_WORTH = 0.5
"""A proxy is worth it if it takes at most this part of the time, its own training included."""

_SHARE = 0.1
"""Of the sample: the top rows that both should have in common."""


_QUICK = frozenset({"linear", "tfidf-linear", "static-linear", "pixels-linear", "encoder-linear"})
"""Learners whose settings are compared in less time than it takes to look at a pool."""

_COMPARED = 40
"""Labels below which settings are not compared: a fifth of them tells nothing."""


@dataclass(frozen=True)
class StandIn:
    """What chooses.

    Attributes:
        model: The proxy; None where the target is to choose itself.
        name: Of the proxy's learner; "" without one.
        told: Why, as people read it.
        tried: Name of a learner -> how far its ranking agreed, cheap to dear.
    """

    model: Model | None
    name: str
    told: str
    tried: Mapping[str, Agreement]


def stand_in(
    target: Model,
    data: Data,
    sample: Columns,
    *,
    pool: int,
    kind: str,
    groups: Mapping[str, NDArray[np.bool_]],
    learners: Sequence[Learner] | None = None,
    seed: int = 0,
    short: float = _SHORT,
) -> StandIn:
    """Find the cheapest proxy whose ranking agrees with the target's, within every class and group.

    Each learner that is cheaper than the target's is fitted from scratch on the labels, and scores the same rows; which agree is
    told by `tacit.selection.agreement`. Where none does, or the target is quick anyway, the target chooses.

    Arguments:
        target: The model that will profit, or one like it.
        data: What has labels; never test rows.
        sample: Rows of the pool.
        pool: How many rows there are to score.
        kind: "margin", "entropy" or "least-confidence".
        groups: Name -> (n,) bool of the sample: slices.
        learners: Those to try, cheap to dear; by default all that are cheaper than the target's.
        seed: Of fits and bounds.
        short: Seconds within which no proxy is looked for.
    """
    n = length(sample)
    took, theirs = _scores(target, sample, kind)
    whole = took / max(n, 1) * pool
    if whole <= short or n < 2:
        return StandIn(None, "", "", {})
    classes = target.predict(sample).argmax(axis=1)
    names = data.output.names if isinstance(data.output, Category) else ()
    within = {f"class {name}": classes == i for i, name in enumerate(names)} | dict(groups)
    tried: dict[str, Agreement] = {}
    for learner in _cheaper(target, data) if learners is None else learners:
        began = time.monotonic()
        cache = Cache()
        model = learner.fit(data, suited(learner, data, seed, cache), seed=seed, cache=cache)
        fitting = time.monotonic() - began
        took, ours = _scores(model, sample, kind)
        if fitting + took / n * pool > _WORTH * whole:
            continue
        found = agreement(ours, theirs, top=max(1, round(_SHARE * n)), groups=within, seed=seed)
        tried[learner.name] = found
        if found.holds():
            return StandIn(model, learner.name, f"which ranks {n:,} rows as the release does: {found}", tried)
    why = "since no cheaper learner ranks rows as it does" + (f" ({', '.join(tried)})" if tried else "")
    return StandIn(None, "", why, tried)


def suited(learner: Learner, data: Data, seed: int, cache: Cache) -> Settings:
    """The settings with which a learner is to choose: of linear ones those that foretell a fifth of the labels best, by log loss.

    The score that a setting comes to matters less here than how well it knows what it does not know. Other learners have the first
    settings of their portfolio: to compare them would take as long as the choice.
    """
    portfolio = learner.portfolio(data)
    if learner.name not in _QUICK or data.n < _COMPARED or len(portfolio) < 2:
        return portfolio[0]
    order = np.random.default_rng(seed).permutation(data.n)
    held, train = np.sort(order[: data.n // 5]), np.sort(order[data.n // 5 :])
    rows, columns = data.take(train), {name: [values[i] for i in held.tolist()] for name, values in data.columns.items()}
    losses = []
    for settings in portfolio:
        predicted = learner.fit(rows, settings, seed=seed, cache=cache).predict(columns)
        if predicted.ndim == 2:
            losses.append(-float(np.log(np.maximum((predicted * data.target[held]).sum(axis=1), 1e-6)).mean()))
        else:
            losses.append(float(((predicted - data.target[held]) ** 2).mean()))
    return portfolio[int(np.argmin(losses))]


def _scores(model: Model, sample: Columns, kind: str) -> tuple[float, NDArray[np.float64]]:
    """Seconds, and the scores."""
    began = time.monotonic()
    predicted = model.predict(sample)
    return time.monotonic() - began, uncertainty(predicted, kind)


def _cheaper(target: Model, data: Data) -> list[Learner]:
    names = choices(data.kinds, data.output)
    # An ensemble answers as slowly as its slowest member.
    members = {str(m.get("learner")) for m in target.settings.get("members", ())} or {target.learner}
    last = max((names.index(name) for name in members if name in names), default=len(names))
    found = [get(name) for name in names[:last] if name != "ensemble"]
    return [learner for learner in found if learner.lacks(data) is None]
