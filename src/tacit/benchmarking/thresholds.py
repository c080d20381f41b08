"""What a target decides: times if it were a little elsewhere, and whether the models reach it on the mean or one was lucky."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

from tacit.benchmarking.records import Record
from tacit.metrics import higher_is_better
from tacit.stability import Reaching, reaching, sensitivity

__all__ = ["Nearby", "nearby", "reached_on_the_mean"]

_STEP = 0.005
"""Half a point; of metrics that are no share, so much of the target."""

_SHARES = ("accuracy", "balanced", "macro_f1", "r2")


@dataclass(frozen=True)
class Nearby:
    """A target beside the one that was asked for.

    Attributes:
        target: The score.
        strict: Whether it had to be passed, or met.
        reached: How many runs did.
        n: Of how many.
        seconds: On the mean of those; None where none did.
    """

    target: float
    strict: bool
    reached: int
    n: int
    seconds: float | None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def nearby(records: Sequence[Record], policy: str) -> tuple[Nearby, ...]:
    """The target, and targets half a point below and above, met and passed: what moves much says more of the target than of the runs.

    Runs stop at their target, so above it only those that trained on can be told of; the others count as runs that did not get there.

    Arguments:
        records: Of one arm, at least one; without a target there is nothing to tell.
        policy: Which phases count.
    """
    target, metric = records[0].target, records[0].metric
    if target is None:
        return ()
    step = _STEP if metric in _SHARES else _STEP * abs(target) or _STEP
    found = sensitivity([r.points(policy) for r in records], target, step, higher=higher_is_better(metric))
    told = []
    for one in found:
        times = [s for s in one.seconds if s is not None]
        told.append(Nearby(round(one.target, 12), one.strict, len(times), len(one.seconds), fmean(times) if times else None))
    return tuple(told)


def reached_on_the_mean(records: Sequence[Record]) -> Reaching | None:
    """Whether the mean score of the last models reaches the target: on test rows, where all have some, else on their own evaluation rows.

    None where there is no target or fewer than two runs ended.
    """
    fresh = [r.fresh for r in records if r.fresh is not None]
    scores = fresh if len(fresh) == len(records) else [r.score for r in records if r.score is not None]
    target = records[0].target if records else None
    if target is None or len(scores) < 2:
        return None
    return reaching(scores, target, higher=higher_is_better(records[0].metric))
