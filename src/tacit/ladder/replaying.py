"""The model of a trial, made again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tacit.ladder.trials import Rows, Trial, shared_out
from tacit.ladder.worst import Strata
from tacit.learners import Cache, Data, Learner, Model, get, settle
from tacit.learners.blend import blend
from tacit.learners.ensemble import Ensemble
from tacit.splits import Bounds, parts

__all__ = ["replay", "split"]


def replay(
    trial: Trial,
    data: Data,
    ids: Sequence[str],
    *,
    scored: NDArray[np.bool_] | None = None,
    bounds: Bounds | None = None,
    strata: Strata | None = None,
    learner: Learner | None = None,
) -> Model:
    """The model of a trial, fitted again: on the same rows it gives the same predictions.

    Arguments:
        trial: Of a search over the same rows; of one with folds, the model of the first fold.
        data, ids, scored, bounds, strata: What the search was given.
        learner: The learner of the trial, or of all members of an ensemble, where it has no registered name.
    """
    rows, cache = split(settle(data), ids, scored, bounds, trial.seed, strata=strata), Cache()
    if trial.learner != Ensemble.name:
        some = rows.training(rows.parts[0], trial.rows) if trial.folds else rows.data
        return (learner or get(trial.learner)).fit(some, trial.settings, seed=trial.seed, cache=cache)
    models = []
    for member in trial.settings["members"]:
        some = rows.training(rows.parts[member["part"]], member["rows"]) if "part" in member else rows.data
        one = learner or get(member["learner"])
        models.append(one.fit(some, member["settings"], seed=trial.seed + member.get("more", 0), cache=cache))
    return blend(Ensemble.name, models, trial.settings["members"], trial.settings["temperature"])


def split(
    data: Data,
    ids: Sequence[str],
    scored: NDArray[np.bool_] | None,
    bounds: Bounds | None,
    seed: int,
    *,
    known: bool = True,
    strata: Strata | None = None,
) -> Rows:
    """The rows of a search."""
    return Rows(
        data,
        ids,
        parts(ids, shared_out(data, strata), validated=scored, bounds=bounds, seed=seed),
        seed,
        None if bounds is None else bounds.groups,
        known,
        strata,
    )
