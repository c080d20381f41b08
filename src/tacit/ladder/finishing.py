"""The end of a search: what was scored is weighed, fitted once more on all rows where there is time, and calibrated."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.ladder.attempts import Attempts
from tacit.ladder.holding import Best, far_worse
from tacit.ladder.rungs import trusted
from tacit.ladder.trials import Trial
from tacit.ladder.weighing import Table, honest, weigh
from tacit.learners import Floats, Model
from tacit.learners.blend import blend
from tacit.learners.ensemble import Ensemble
from tacit.metrics import Metric, higher_is_better

__all__ = ["Chosen", "Outcome", "choose", "finish", "gain_of", "grown_interval"]

_SEEDS = 4
"""Fits of each member at most: each has to answer each time."""

_COMPARED = 100
"""Rows by which it is told whether a seed makes a difference."""


@dataclass(frozen=True)
class Chosen:
    """What was chosen, and how good that is.

    Attributes:
        members: With their weights, the heaviest first.
        temperature: Of their mean.
        measured: Of `rows`, by choices that were made without them.
        rows: Positions of the scored rows.
        predicted: What was predicted for them.
    """

    members: tuple[tuple[Best, float], ...]
    temperature: float
    measured: Metric
    rows: NDArray[np.intp]
    predicted: Floats


@dataclass(frozen=True)
class Outcome:
    """The model, the trial that made it, and the trial that the score is of."""

    model: Model
    made: Trial
    scored: Trial


def choose(found: Sequence[Best], best: Best, attempts: Attempts, *, several: bool) -> Chosen:
    """Which models make up the answer.

    Arguments:
        found: All that was scored.
        best: The one that is held.
        attempts: Of the search.
        several: Whether it may be more than one.
    """
    rivals = _rivals(found, best, attempts.rows.known)
    n = min(len(one.fitted.rows) for one in rivals)
    rows = best.fitted.rows[:n]
    predicted = tuple(one.fitted.predicted[:n] for one in rivals)
    table = Table(
        predicted,
        attempts.rows.data.target[rows],
        attempts.rows.answers,
        attempts.metric,
        _trusted(rivals, attempts),
        several,
        attempts.rows.known,
        None if attempts.rows.strata is None else attempts.rows.strata.codes[rows],
    )
    choice = weigh(table)
    told = honest(table, attempts.rows.halves(rows))
    taken = sorted(np.flatnonzero(choice.weights).tolist(), key=lambda i: -choice.weights[i])
    return Chosen(
        tuple((rivals[i], float(choice.weights[i])) for i in taken),
        choice.temperature,
        table.measured(told, attempts.rows.seed),
        rows,
        attempts.rows.answers(told),
    )


def finish(chosen: Chosen, attempts: Attempts, *, further: bool) -> Outcome:
    """The model of what was chosen: each member fitted on all rows, the heaviest first, or as it was scored.

    Arguments:
        chosen: What was chosen.
        attempts: Of the search.
        further: Whether to spend what is left on fits with other seeds, whose mean is steadier than each of them.
    """
    models: list[Model] = []
    members: list[dict[str, Any]] = []
    made: Trial | None = None
    whole = 0
    fitted = [(best, weight, attempts.again(best)) for best, weight in chosen.members]
    drawn = _drawn_again([(best, again[0]) for best, _, again in fitted if again is not None], attempts) if further else {}
    for best, weight, again in fitted:
        if again is not None:
            made = again[1]
            whole = attempts.rows.data.n
            same = [(0, again[0]), *drawn.get(best.candidate.key, ())]
            models += [model for _, model in same]
            members += [_member(model, weight / len(same)) | ({"more": more} if more else {}) for more, model in same]
            continue
        for part, model in enumerate(best.fitted.models):
            models.append(model)
            members.append(_member(model, weight / best.fitted.folds) | {"part": part, "rows": best.trial.rows})
        whole = max(whole, attempts.rows.data.n if best.fitted.folds > 1 else best.trial.rows)
    scored = chosen.members[0][0].trial
    if len(models) == 1 and chosen.temperature == 1:
        return Outcome(models[0], made or scored, scored)
    model = blend(Ensemble.name, models, members, chosen.temperature)
    one = len(chosen.members) == 1
    score = None if one else chosen.measured.value
    of_folds = 0 if one else min(best.fitted.folds for best, _ in chosen.members)
    made = attempts.note(Ensemble.name, model.settings, whole, of_folds, score, 0.0, None)
    return Outcome(model, made, scored if one else made)


def _drawn_again(fitted: Sequence[tuple[Best, Model]], attempts: Attempts) -> dict[str, list[tuple[int, Model]]]:
    """Key of a candidate -> (what was added to the seed, its model), as far as time allows and seeds make a difference."""
    found: dict[str, list[tuple[int, Model]]] = {}
    some = attempts.rows.data.take(np.arange(min(_COMPARED, attempts.rows.data.n))).columns
    going = list(fitted)
    for more in range(1, _SEEDS):
        for best, first in list(going):
            again = attempts.again(best, more=more)
            if again is None:
                return found
            if np.array_equal(again[0].predict(some), first.predict(some)):
                going.remove((best, first))
                continue
            found.setdefault(best.candidate.key, []).append((more, again[0]))
    return found


def grown_interval(measured: Metric, gain: float) -> Metric:
    """A score whose interval also holds what the model gains by the rows that it was scored on."""
    low, high = measured.interval
    higher = higher_is_better(measured.name)
    return replace(measured, interval=(low, min(1.0, high + gain)) if higher else (max(0.0, low - gain), high))


def gain_of(measured: Metric, seen: Sequence[tuple[int, float]], most: int, n: int) -> float:
    """How much better a model may get from `most` to `n` rows.

    By what it gained on the way to `most`, since scores grow at most with the logarithm of the rows; where it was fitted on
    no fewer, errors are taken to fall with the root of the rows.

    Arguments:
        measured: The score with `most` rows.
        seen: (rows, score), higher is better.
        most: The most rows that were scored.
        n: The rows of the last fit.
    """
    at = dict(seen)
    fewer = [rows for rows in at if rows < most]
    if n <= most:
        return 0.0
    if most in at and fewer:
        return max(0.0, at[most] - at[max(fewer)]) * math.log(n / most) / math.log(most / max(fewer))
    error = 1 - measured.value if higher_is_better(measured.name) else measured.value
    return max(0.0, error) * (1 - math.sqrt(most / n))


def _rivals(found: Sequence[Best], best: Best, known: bool) -> list[Best]:
    """What is compared: fits of as many rows as the best one's, one for each candidate, without those that do far worse."""
    same = {one.candidate.key: one for one in found if one.rung >= 0 and one.fitted.models and one.trial.rows == best.trial.rows}
    same[best.candidate.key] = best
    return [one for one in same.values() if one is best or not known or not far_worse(one.measured, best.measured)]


def _trusted(rivals: Sequence[Best], attempts: Attempts) -> tuple[int, ...]:
    """The best model of each learner, those that know most first; empty where none knows anything."""
    order = trusted(attempts.rows.data)
    if not order:
        return ()
    up = 1 if higher_is_better(attempts.metric) else -1
    firsts: dict[str, int] = {}
    for i in sorted(range(len(rivals)), key=lambda i: -up * rivals[i].measured.value):
        firsts.setdefault(rivals[i].candidate.learner.name, i)
    return tuple(firsts[name] for name in sorted(firsts, key=lambda name: -order.get(name, -1)))


def _member(model: Model, weight: float) -> dict[str, Any]:
    return {"learner": model.learner, "settings": dict(model.settings), "weight": weight}
