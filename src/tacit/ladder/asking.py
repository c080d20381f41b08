"""Whether what a search is asked for can be had: types, labels, learners, time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tacit.errors import BudgetError, NotLearnable, OptionError, TacitError, TooFewLabels, TrainingError
from tacit.ladder.trials import Trial
from tacit.learners import ROLES, Data, Learner, choices, get
from tacit.types import Category, Kind, Number

__all__ = ["check_rows", "chosen", "learnable", "nothing", "too_short"]

_FEWEST = 6
"""With fewer labels than this there is nothing to score on."""

_LARGEST = 1e100
"""Of larger numbers the squares, added up, overflow."""


def learnable(kinds: Mapping[str, Kind], output: Kind, task: str) -> None:
    """Raise `NotLearnable` unless there are learners for such types."""
    if not isinstance(output, Category | Number):
        raise NotLearnable(
            f"{task} returns {output}, which no learner gives yet",
            right="bool, Literal[...], an Enum, float and int can be learned",
            next=f"tacit add {task} FILE collects for it already; or return one of these",
        )
    for column, kind in kinds.items():
        if kind.role not in ROLES:
            raise NotLearnable(f"{column} of {task} is {kind}, which no learner takes yet", next=f"leave {column} out of {task}")


def check_rows(data: Data, scored: NDArray[np.bool_], task: str) -> None:
    """Raise `TooFewLabels` unless the rows to score on are several, and not all alike, and `TrainingError` where numbers overflow."""
    n = int(scored.sum())
    more = f"tacit select {task} 20, and label those"
    if n < _FEWEST:
        raise TooFewLabels(
            f"{task} has {n} labeled example{'s' * (n != 1)}", right=f"it takes {_FEWEST} to learn anything", next=more
        )
    if isinstance(data.output, Category):
        said = np.unique(data.target[scored].argmax(axis=1))
        if len(said) < 2:
            only = data.output.names[said[0]]
            raise TooFewLabels(f"all {n:,} labels of {task} are {only}", right="it takes two classes to tell apart", next=more)
    elif (most := float(np.abs(data.target).max())) > _LARGEST:
        raise TrainingError(
            f"a label of {task} is as large as {most:.3g}, which nothing can be computed with",
            right=f"labels are at most {_LARGEST:.0e}",
            next=f"give float a range in the return type of {task}, and correct that label",
        )
    elif np.ptp(data.target[scored]) == 0:
        raise TooFewLabels(
            f"all {n:,} labels of {task} are {data.target[scored][0]:g}", right="it takes different ones", next=more
        )


def chosen(data: Data, learners: Sequence[str | Learner] | None, task: str) -> list[Learner]:
    """The learners that are asked for, by default all that fit. Raises `OptionError`."""
    fitting = choices(data.kinds, data.output)
    if learners is None:
        return [get(name) for name in fitting]
    found = [get(one) if isinstance(one, str) else one for one in learners]
    can = f"it can be learned by {', '.join(fitting)}"
    if not found:
        raise OptionError(f"no learner is named for {task}", right=can, next=f"tacit choices {task}")
    for learner in found:
        if not learner.accepts(data.kinds, data.output):
            raise OptionError(f"{learner.name} does not fit {task}", right=can, next=f"tacit choices {task}")
    return found


def too_short(budget_s: float, task: str, n: int) -> BudgetError:
    """The error of a budget that ends before there is any model."""
    return BudgetError(
        f"{max(0.0, budget_s):.2g} s is too short for any model of {task} on {n:,} rows",
        right=f"it takes some {max(10, round(n / 2000))} s to find a good one",
        next=f"tacit train {task} --budget {max(10, round(n / 2000))}",
    )


def nothing(trials: Sequence[Trial], budget_s: float, task: str, n: int) -> TacitError:
    """The error of a search that found nothing: no time, or every trial failed."""
    reasons = list(dict.fromkeys(t.reason for t in trials if t.reason))
    if all(r.startswith(BudgetError.__name__) or r.endswith("left") for r in reasons):
        return too_short(budget_s, task, n)
    return TrainingError(f"nothing could be learned for {task}: {'; '.join(reasons[:3])}", next=f"tacit choices {task}")
