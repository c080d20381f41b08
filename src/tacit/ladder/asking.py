"""Whether what a search is asked for can be had: types, labels, learners, time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tacit.errors import BudgetError, MissingExtra, NotLearnable, OptionError, TacitError, TooFewLabels, TrainingError
from tacit.ladder.trials import Trial
from tacit.learners import ROLES, Data, Learner, choices, get
from tacit.learners.ensemble import Ensemble
from tacit.types import Category, Kind, Number

__all__ = ["Asked", "check_rows", "chosen", "failed", "learnable", "nothing", "too_short"]

_FEWEST = 6
"""With fewer labels than this there is nothing to score on."""

_LARGEST = 1e100
"""Of larger numbers the squares, added up, overflow."""

_INSTALL = "pip install"
_ADDS = {"minilm": "transfer from a pretrained encoder", "deep": "train neural networks"}
"""What an extra is for."""


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


@dataclass(frozen=True)
class Asked:
    """What a search is to try.

    Attributes:
        learners: Cheap to dear.
        several: Whether models may be put together.
        notes: Which learners are left out, and what to type to have them.
    """

    learners: tuple[Learner, ...]
    several: bool
    notes: tuple[str, ...]


def chosen(data: Data, learners: Sequence[str | Learner] | None, task: str) -> Asked:
    """The learners that are asked for, by default all that fit and lack nothing.

    `ensemble` is no learner to try: it says that models may be put together. Alone it is all learners, and that.

    Raises:
        OptionError: One is unknown or does not fit.
        MissingExtra: One that is asked for by name lacks something, or each does.
    """
    fitting = choices(data.kinds, data.output)
    found = [get(one) if isinstance(one, str) else one for one in (fitting if learners is None else learners)]
    can = f"it can be learned by {', '.join(fitting)}"
    if not found:
        raise OptionError(f"no learner is named for {task}", right=can, next=f"tacit choices {task}")
    for learner in found:
        if not learner.accepts(data.kinds, data.output):
            raise OptionError(f"{learner.name} does not fit {task}", right=can, next=f"tacit choices {task}")
    several = any(one.name == Ensemble.name for one in found)
    named = [one for one in found if one.name != Ensemble.name]
    every = named or [get(name) for name in fitting if name != Ensemble.name]
    lacking = {one.name: lack for one in every if (lack := one.lacks(data)) is not None}
    ready = tuple(one for one in every if one.name not in lacking)
    if lacking and (not ready or (learners is not None and named)):
        name, lack = next(iter(lacking.items()))
        raise MissingExtra(f"{name} needs what is not {'installed' if lack.startswith(_INSTALL) else 'set'}", next=lack)
    # What a project did not set is no news in each of its trainings.
    lines = dict.fromkeys(line for line in lacking.values() if line.startswith(_INSTALL))
    notes = [_left_out([n for n, lack in lacking.items() if lack == line], line) for line in lines]
    return Asked(ready, several, tuple(notes))


def _left_out(names: Sequence[str], line: str) -> str:
    """The note of learners that lack the same."""
    said = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    adds = next((adds for extra, adds in _ADDS.items() if extra in line), "need more than is installed")
    if len(names) == 1:
        adds = adds.replace(" ", "s ", 1)
    return f"{said} {'is' if len(names) == 1 else 'are'} left out: {'it' if len(names) == 1 else 'they'} {adds}.  next: {line}"


def too_short(budget_s: float, task: str, n: int, least: float) -> BudgetError:
    """The error of a budget that ends before there is any model; the cheapest learner would take `least` seconds."""
    enough = max(10, round(n / 2000), math.ceil(2 * least))
    return BudgetError(
        f"{max(0.0, budget_s):.2g} s is too short for any model of {task} on {n:,} rows",
        right=f"it takes some {enough} s to find a good one",
        next=f"tacit train {task} --budget {enough}",
    )


def failed(trials: Sequence[Trial]) -> list[str]:
    """The notes of learners that stumbled, for want of more than time, and never got to a score."""
    scored = {t.learner for t in trials if t.reason is None}
    reasons = {t.learner: t.reason for t in trials if t.reason and t.learner not in scored and not _short(t.reason)}
    return [f"{learner} learned nothing: {reason}" for learner, reason in reasons.items()]


def _short(reason: str) -> bool:
    """Whether time was all that a trial lacked."""
    return reason.startswith(BudgetError.__name__) or reason.endswith("left")


def nothing(trials: Sequence[Trial], budget_s: float, task: str, n: int, least: float) -> TacitError:
    """The error of a search that found nothing: no time, or every trial failed."""
    reasons = list(dict.fromkeys(t.reason for t in trials if t.reason))
    if all(map(_short, reasons)):
        return too_short(budget_s, task, n, least)
    return TrainingError(f"nothing could be learned for {task}: {'; '.join(reasons[:3])}", next=f"tacit choices {task}")
