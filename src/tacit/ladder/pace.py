"""How long a trial will take."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence

from tacit.ladder.trials import Candidate, Fitted

__all__ = ["Pace"]

_STEP = 4.0
"""How far from the only known size time is taken to grow as the root of the rows; beyond that, as the rows."""


class Pace:
    """How long fits take, learned from those that were done.

    Arguments:
        told: What a learner says of a candidate and so many rows before anything was fitted, in seconds, or None.
    """

    def __init__(self, told: Callable[[Candidate, int], float | None]) -> None:
        self._told = told
        self._seen: dict[str, list[tuple[int, float, float]]] = defaultdict(list)

    def note(self, candidate: Candidate, rows: int, fitted: Fitted) -> None:
        """A candidate took so long on so many rows."""
        self._seen[candidate.key].append((rows, max(fitted.fitting, 1e-3), fitted.predicting))

    def fitting(self, candidate: Candidate, rows: int) -> float | None:
        """Seconds of one fit and its predictions; None while nothing is known of the learner.

        Of a candidate that was not fitted yet it is what its learner says, if it says anything.

        Time grows as a power of the rows: the one that the last two sizes show of the candidate, or else of its learner.
        While only one size is known it is the square root, since on few rows much of the time is the same for any number of
        rows, and beyond four times as many rows the rows themselves.
        """
        if candidate.key not in self._seen and (told := self._told(candidate, rows)) is not None:
            return told
        alike = self._alike(candidate)
        seen = [self._seen[candidate.key]] if candidate.key in self._seen else alike
        powers = [p for p in map(_power, seen) if p is not None] or [p for p in map(_power, alike) if p is not None]

        def grown(times: float) -> float:
            if powers:
                return math.pow(times, sum(powers) / len(powers))
            return math.sqrt(min(times, _STEP)) * max(1.0, times / _STEP)

        last = [fit * grown(rows / n) + predict * max(1.0, rows / n) for n, fit, predict in (s[-1] for s in seen)]
        return max(last, default=None)

    def predicting(self, candidate: Candidate, rows: int) -> float:
        """Seconds of the predictions of one fit, 0 while the candidate is unknown."""
        if candidate.key not in self._seen:
            return 0.0
        n, _, predict = self._seen[candidate.key][-1]
        return predict * max(1.0, rows / n)

    def _alike(self, candidate: Candidate) -> list[list[tuple[int, float, float]]]:
        """What was seen of each candidate of the same learner."""
        name = f"{candidate.learner.name} "
        return [seen for key, seen in self._seen.items() if key.startswith(name)]


def _power(seen: Sequence[tuple[int, float, float]]) -> float | None:
    """With which power of the rows the time of a fit grew, from the last but one size to the last."""
    if len(seen) < 2 or seen[-2][0] >= seen[-1][0]:
        return None
    (fewer, short, _), (more, long, _) = seen[-2:]
    return min(1.2, max(0.4, math.log(long / short) / math.log(more / fewer)))
