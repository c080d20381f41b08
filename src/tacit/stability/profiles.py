"""Who is fast over several tasks, and who is neither dearer nor slower than another."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Profile", "pareto", "profiles"]

Times: TypeAlias = Mapping[str, Mapping[str, float]]
"""Who -> task -> seconds to its target; infinity where it was missed."""


@dataclass(frozen=True)
class Profile:
    """How many times the best time somebody needs, task by task (Dolan and More 2002).

    Attributes:
        name: Whose it is.
        ratios: Task -> own time / best time of anybody, 1 or more; infinity where the target was missed.
    """

    name: str
    ratios: Mapping[str, float]

    def rho(self, tau: float) -> float:
        """The share of tasks on which no more than `tau` times the best time is needed."""
        return sum(r <= tau for r in self.ratios.values()) / len(self.ratios)

    def score(self, most: float = 4.0) -> float:
        """The integral of rho from 1 to `most`, over most - 1: 0 to 1 (Dahl et al. 2023, AlgoPerf).

        rho is made of steps, so that its integral is exact: a task adds most - ratio, if that is positive.
        """
        return math.fsum(max(0.0, most - r) for r in self.ratios.values()) / ((most - 1) * len(self.ratios))


def profiles(times: Times) -> dict[str, Profile]:
    """Who -> the profile.

    Arguments:
        times: Positive. Somebody who lacks a task that another has missed its target.

    Example:
        >>> found = profiles({"a": {"x": 10.0, "y": 30.0}, "b": {"x": 20.0, "y": 15.0}})
        >>> found["b"].rho(1.5), found["b"].score()
        (0.5, 0.8333333333333334)
    """
    tasks = list(dict.fromkeys(task for own in times.values() for task in own))
    best = {task: min(own.get(task, math.inf) for own in times.values()) for task in tasks}
    return {
        name: Profile(name, {t: own[t] / best[t] if math.isfinite(own.get(t, math.inf)) else math.inf for t in tasks})
        for name, own in times.items()
    }


def pareto(points: Sequence[tuple[float, float]]) -> list[int]:
    """Positions of those points that no other beats: none is at most as dear and as slow, and cheaper or faster. By rising cost.

    Arguments:
        points: (cost, seconds) of each. Of equal points all are named, or none.

    Example:
        >>> pareto([(3.0, 10.0), (1.0, 60.0), (2.0, 70.0), (1.0, 90.0)])
        [1, 0]
    """
    found: list[int] = []
    fastest = math.inf
    for i in sorted(range(len(points)), key=lambda i: points[i]):
        if points[i][1] < fastest or (found and points[i] == points[found[-1]]):
            found.append(i)
            fastest = points[i][1]
    return found
