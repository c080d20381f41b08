"""As many steps as there is time for, with a schedule that always comes to its end."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch

__all__ = ["Plan", "school", "triangle"]

Plan = list[list[int]]
"""[step, left, threads]: from this step on there were so many to go, and so many threads. It repeats the steps without a clock."""

_TRIED = 3
"""Steps with each number of threads before the fastest is taken."""

_CHECKS = 40
_SLACK = 0.85
"""A plan that uses less of the time than this is made longer."""

_STALLED = 1.7
"""Threads that wait for each other on a busy machine make steps take so many times as long; then there are fewer again."""

_IDLE = 0.5
"""More threads are tried if no more than so many others than these were busy in the last minute."""

_SPARE = 0.2
"""Seconds before the deadline that no step is planned for."""

_MEMORY = 10
"""Over how many steps the time of a step is averaged; the longest does not count."""


def triangle(progress: float, *, start: float = 0.2, peak: float = 0.23) -> float:
    """The share of the highest rate at a progress of 0 to 1: it climbs to the peak and falls to 0 (Smith, 2018)."""
    return start + (1 - start) * progress / peak if progress < peak else max(0.0, (1 - progress) / (1 - peak))


def school(
    step: Callable[[float], float],
    *,
    most: int,
    plan: Sequence[Sequence[int]] | None,
    threads: Sequence[int],
    cost: Callable[[float], float],
    deadline: float | None,
) -> Plan | None:
    """Do steps until their progress is 1, a loss is not finite, or the deadline.

    How many there are, and the number of threads, is decided by the time of the first steps, and revised when the machine
    becomes slower or faster.

    Arguments:
        step: Does one step at a progress of 0 to 1. Returns the loss.
        most: Do no more steps than this.
        plan: What an earlier call returned; then the clock decides nothing but an early end.
        threads: Numbers of threads to choose from; the first is used where there is no deadline.
        cost: What a step costs at a progress, relative to others.
        deadline: In seconds of `time.monotonic`.

    Returns:
        How it was done, for a repetition; None if that needs no plan.
    """
    clock = _Clock(cost, [n for n in threads if n == threads[0] or _idle(n)] if deadline is not None and plan is None else [])
    waiting = [list(piece) for piece in plan or [[0, most, threads[0]]]]
    made: Plan = []
    done, progress, left = 0, 0.0, 1
    while left > 0:
        if waiting and waiting[0][0] == done:
            made.append(waiting.pop(0))
            left = made[-1][1]
            torch.set_num_threads(made[-1][2])
            continue
        now = time.monotonic()
        if deadline is not None and now + clock.unit * cost(progress) > deadline - _SPARE:
            waiting = [[done, 0, made[-1][2]]]
            continue
        loss = step(progress)
        clock.note(time.monotonic() - now, progress)
        done, progress, left = done + 1, progress + (1 - progress) / left, left - 1
        if not math.isfinite(loss):
            waiting = [[done, 0, made[-1][2]]]
        elif deadline is not None and plan is None and left > 0 and clock.due:
            count = clock.threads(made[-1][2])
            fits = clock.fits(deadline - _SPARE - time.monotonic(), progress, left, most - done)
            if fits != left or count != made[-1][2]:
                waiting = [[done, fits, count]]
        if waiting and waiting[0][0] == done:
            left = 1  # so that the loop sees the new piece
    return made if plan is not None or len(made) > 1 else None


def _idle(threads: int) -> bool:
    """Whether the machine has so many processors to spare; no, where that is not told."""
    try:
        return os.getloadavg()[0] <= threads + _IDLE
    except (AttributeError, OSError):
        return False


@dataclass
class _Clock:
    """What a step takes.

    Attributes:
        cost: As in `school`.
        trying: Numbers of threads that are to be tried, the current one first.
        unit: Seconds of a step of cost 1.
    """

    cost: Callable[[float], float]
    trying: list[int]
    unit: float = 0.0
    due: bool = False
    _last: list[float] = field(default_factory=list)
    _steps: int = 0
    _next: int = 0
    _tried: dict[int, float] = field(default_factory=dict)

    def note(self, seconds: float, progress: float) -> None:
        """A step took so long."""
        self._steps += 1
        # The first step with other threads is slow, since what it calls is prepared then.
        self._last = [*self._last[-_MEMORY + 1 :], seconds / self.cost(progress)]
        self.unit = (sum(self._last) - max(self._last)) / (len(self._last) - 1) if len(self._last) > 1 else self._last[0]
        self._next -= 1
        self.due = self._stalled or (self._steps == _TRIED if self.trying else self._next <= 0)

    @property
    def _stalled(self) -> bool:
        """Whether the last steps took far longer than any number of threads did when it was tried; of one that is tried, the last."""
        newest = self._last[-1:] if self.trying else self._last[-2:]
        return bool(self._tried) and min(newest, default=0.0) > _STALLED * max(self._tried.values())

    def threads(self, current: int) -> int:
        """The number of threads for the next steps."""
        if self.trying:
            self._tried[self.trying.pop(0)] = self.unit
            best = self.trying[0] if self.trying else min(self._tried, key=lambda n: self._tried[n])
        else:
            best = min(self._tried) if self._stalled else current
        if best != current:
            self._steps, self._last = 0, []
            self.unit = self._tried.get(best, self.unit)
        return best

    def fits(self, seconds: float, progress: float, left: int, limit: int) -> int:
        """How many steps there shall be: as planned, unless they take longer or much less than the seconds."""
        mean = sum(self.cost(progress + (1 - progress) * (i + 0.5) / 10) for i in range(10)) / 10
        possible = max(1, int(seconds / max(self.unit * mean, 1e-6)))
        self._next = max(5, min(left, possible) // _CHECKS)
        if possible < left or (left < limit and possible * _SLACK > left):
            return min(limit, possible)
        return left
