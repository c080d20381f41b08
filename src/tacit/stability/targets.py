"""When a run reached its target, how much that depends on the target, and what it cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Curve", "Reached", "cost", "sensitivity", "time_to"]

Curve: TypeAlias = Sequence[tuple[float, float]]
"""(seconds since the start, score) at each evaluation."""


def time_to(curve: Curve, target: float, *, higher: bool = True, strict: bool = False) -> float | None:
    """Seconds until the first evaluation that meets the target; None where none does.

    What lies between evaluations is not known, so nothing is interpolated, and a later fall below the target changes nothing
    (DAWNBench's rule: Coleman et al. 2017).

    Arguments:
        curve: In any order. A score that is not a number meets nothing.
        target: The score to reach.
        higher: Whether a higher score is better.
        strict: Whether the target has to be passed; else it is enough to meet it.

    Example:
        >>> time_to([(60, 0.91), (120, 0.94), (180, 0.93)], 0.94)
        120
        >>> time_to([(60, 0.91), (120, 0.94), (180, 0.93)], 0.94, strict=True)
    """
    return min((seconds for seconds, score in curve if _met(score, target, higher, strict)), default=None)


def _met(score: float, target: float, higher: bool, strict: bool) -> bool:
    if strict:
        return score > target if higher else score < target
    return score >= target if higher else score <= target


@dataclass(frozen=True)
class Reached:
    """When runs reached a target.

    Attributes:
        target: The score to reach.
        strict: Whether it had to be passed.
        seconds: Of each run; None where it did not.
    """

    target: float
    strict: bool
    seconds: tuple[float | None, ...]


def sensitivity(curves: Sequence[Curve], target: float, step: float, *, higher: bool = True) -> tuple[Reached, ...]:
    """When runs reach the target, and targets a step to both sides: each to be met, and each to be passed.

    A figure that moves much between these says more of where the target was put than of the runs.

    Arguments:
        curves: One for each run.
        target: The score to reach.
        step: In the unit of the score, positive.
        higher: Whether a higher score is better.

    Returns:
        Six, by rising target, met before passed.
    """

    def reached() -> Iterator[Reached]:
        for at in (target - step, target, target + step):
            for strict in (False, True):
                yield Reached(at, strict, tuple(time_to(curve, at, higher=higher, strict=strict) for curve in curves))

    return tuple(reached())


def cost(seconds: float, price_per_hour: float) -> float:
    """What so many seconds cost, in the currency of the price.

    Arguments:
        seconds: Of use, 0 or more.
        price_per_hour: Of everything that was used, together.

    Example:
        >>> round(cost(878_398.192, 4.56), 2)
        1112.64
    """
    return seconds / 3600 * price_per_hour
