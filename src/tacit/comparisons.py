"""Strategies against each other, over several seeds: curves with bands, and the labels that each saves."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np

from tacit.charts import Point, Series, chart
from tacit.drawing import svg
from tacit.metrics import higher_is_better
from tacit.selection.stopping import Worth
from tacit.simulations import Round, Simulation, pooled_worth
from tacit.tables import number, seconds, table

__all__ = ["Comparison", "Mean", "Saved", "needed"]

BASELINE = "random"
"""What the others are measured against: it is hard to beat, and costs nothing."""

SHARES = frozenset({"accuracy", "balanced", "macro_f1", "r2"})
"""Scores that are at most 1, so that a hundredth of it is a point."""


@dataclass(frozen=True)
class Mean:
    """One round of a strategy over its seeds.

    Attributes:
        labels: How many.
        score, low, high: The mean of the scores, the lowest and the highest.
        selection_seconds: Of all choosing so far, on average.
        train_seconds: Of the final learner's fit on these labels, on average.
        n: How many seeds.
    """

    labels: int
    score: float
    low: float
    high: float
    selection_seconds: float
    train_seconds: float
    n: int


@dataclass(frozen=True)
class Saved:
    """The labels that a strategy saves against random ones, for the score that both reach.

    For each seed that both have, the score is the lower one of their last rounds: of a better strategy that is what random labels
    came to, of a worse one what it came to itself. The labels that either needs for it are read between rounds, as if scores grew
    with the logarithm of the labels.

    Attributes:
        strategy: Which.
        labels: Of the last round that both have.
        saved: How many fewer labels it needs, the mean over seeds; below 0 it needs more.
        each: Of each seed.
        gain: How much better its last score is, the mean over seeds; below 0 it is worse.
        metric: The name of the scores.
    """

    strategy: str
    labels: int
    saved: float
    each: tuple[float, ...]
    gain: float
    metric: str

    @property
    def spread(self) -> float | None:
        """The standard deviation over seeds; None of one."""
        return float(np.std(self.each, ddof=1)) if len(self.each) > 1 else None

    @property
    def may_be_chance(self) -> bool:
        """Whether the 95 % interval of the mean over seeds holds 0, by Student's t (1908)."""
        if self.spread is None:
            return True
        from scipy.special import stdtrit

        n = len(self.each)
        return bool(abs(self.saved) <= stdtrit(n - 1, 0.975) * self.spread / math.sqrt(n))

    def __str__(self) -> str:
        n = len(self.each)
        spread = "" if self.spread is None else f", sd {self.spread:,.0f}"
        how = "saves" if round(self.saved) >= 0 else "costs"
        said = f"{self.strategy} {how} {abs(self.saved):,.0f} of {self.labels:,} labels against {BASELINE} (n = {n}{spread})"
        much = f"{abs(100 * self.gain):.1f} points" if self.metric in SHARES else f"{abs(self.gain):,.3g}"
        by = f"{much} {'better' if self.gain >= 0 else 'worse'}"
        return f"{said}; with all {self.labels:,} it is {by}" + ("; that may be chance" if self.may_be_chance else "")


@dataclass(frozen=True)
class Comparison:
    """Simulations of the same rows, rounds and learner.

    Attributes:
        simulations: Of each strategy and seed.
    """

    simulations: tuple[Simulation, ...]

    @cached_property
    def strategies(self) -> tuple[str, ...]:
        """In the order in which they came."""
        return tuple(dict.fromkeys(s.strategy for s in self.simulations))

    @cached_property
    def curves(self) -> dict[str, tuple[Mean, ...]]:
        """Strategy -> the mean of each round, over the seeds that came that far."""
        found = {}
        for strategy in self.strategies:
            mine = [s.rounds for s in self.simulations if s.strategy == strategy]
            longest = max(mine, key=len)
            found[strategy] = tuple(_mean([rounds[: i + 1] for rounds in mine if len(rounds) > i]) for i in range(len(longest)))
        return found

    @cached_property
    def saved(self) -> tuple[Saved, ...]:
        """What each strategy saves, where random labels are among them."""
        by = {(s.strategy, s.seed): s.rounds for s in self.simulations}
        up = 1 if higher_is_better(self.simulations[0].metric) else -1
        found = []
        for strategy in self.strategies:
            seeds = [seed for name, seed in by if name == strategy and (BASELINE, seed) in by]
            if strategy != BASELINE and seeds:
                pairs = [_alike(by[strategy, seed], by[BASELINE, seed]) for seed in seeds]
                each = tuple(_saved(mine, chance, up) for mine, chance in pairs)
                gain = up * float(np.mean([mine[-1].score - chance[-1].score for mine, chance in pairs]))
                most = max(mine[-1].labels for mine, _ in pairs)
                found.append(Saved(strategy, most, float(np.mean(each)), each, gain, self.simulations[0].metric))
        return tuple(found)

    @cached_property
    def worths(self) -> dict[str, Worth]:
        """Strategy -> what as many labels as the last round added would add once more, by the scores of all seeds."""
        found = {}
        for strategy in self.strategies:
            mine = [s for s in self.simulations if s.strategy == strategy]
            if (told := pooled_worth(mine)) is not None:
                found[strategy] = told
        return found

    def svg(self) -> str:
        """Score against labels and against seconds, as one file that needs nothing else. Bands reach from the lowest to the highest seed."""
        first = self.simulations[0]
        charts = [
            self._chart(first, "labels", lambda m: float(m.labels)),
            self._chart(
                first, "seconds of choosing so far, and of learning once", lambda m: m.selection_seconds + m.train_seconds
            ),
        ]
        return svg([c for c in charts if c is not None], self._title)

    def _chart(self, first: Simulation, x_name: str, x: Callable[[Mean], float]) -> Any:
        series = [
            Series(
                f"{strategy}, {curve[0].n} seed{'s' * (curve[0].n != 1)}",
                tuple(Point(x(m), m.score, m.low, m.high) for m in curve),
                faint=strategy == BASELINE,
            )
            for strategy, curve in self.curves.items()
        ]
        return chart(f"{first.metric} against {x_name}", x_name, first.metric, series)

    @property
    def _title(self) -> str:
        first = self.simulations[0]
        proxies = sorted({s.proxy for s in self.simulations if s.proxy})
        chooser = f"{' and '.join(proxies)} chooses, " if proxies else ""
        return f"{first.task}: {chooser}{first.learner} learns; {first.metric} on {first.measured:,} rows"

    def __str__(self) -> str:
        rows = [
            [
                strategy if i == 0 else "",
                f"{m.labels:,}",
                number(m.score),
                f"{number(m.low)} to {number(m.high)}" if m.n > 1 else None,
                seconds(m.selection_seconds),
                seconds(m.train_seconds),
                m.n,
            ]
            for strategy, curve in self.curves.items()
            for i, m in enumerate(curve)
        ]
        columns = ["strategy", "labels", "score", "min to max", "choosing", "learning", "seeds"]
        said = ["\n".join(map(str, self.saved))] if self.saved else []
        said.append(table(columns, rows, title=self._title, right=columns[1:3] + columns[4:]))
        worths = [f"after {strategy}, {told}" for strategy, told in self.worths.items()]
        said += ["\n".join(worths)] if worths else []
        notes = dict.fromkeys(note for s in self.simulations for note in s.notes)
        return "\n\n".join(said + [f"note: {note}" for note in notes])

    def to_dict(self) -> dict[str, Any]:
        return {
            "curves": {strategy: [asdict(m) for m in curve] for strategy, curve in self.curves.items()},
            "worths": {strategy: told.to_dict() for strategy, told in self.worths.items()},
            "saved": [asdict(s) | {"spread": s.spread} for s in self.saved],
            "simulations": [s.to_dict() for s in self.simulations],
        }


def needed(rounds: Sequence[tuple[int, float]], score: float) -> float | None:
    """How many labels reach a score: where the curve first passes it, drawn straight over the logarithm of the labels.

    Arguments:
        rounds: (labels, score), labels ascending.
        score: Wanted; higher is better.

    Returns:
        The labels of the first round, if it reaches the score already; None where none does.

    Example:
        >>> needed([(100, 0.5), (400, 0.7)], 0.6)
        200.0
    """
    before: tuple[int, float] | None = None
    for labels, got in rounds:
        if got >= score:
            if before is None:
                return float(labels)
            part = (score - before[1]) / (got - before[1])
            return round(math.exp(math.log(before[0]) + part * (math.log(labels) - math.log(before[0]))), 6)
        before = labels, got
    return None


def _mean(runs: Sequence[Sequence[Round]]) -> Mean:
    scores = [rounds[-1].score for rounds in runs]
    choosing = [sum(r.selection_seconds for r in rounds) for rounds in runs]
    learning = [rounds[-1].train_seconds for rounds in runs]
    mean = [float(np.mean(values)) for values in (scores, choosing, learning)]
    return Mean(runs[0][-1].labels, mean[0], min(scores), max(scores), mean[1], mean[2], len(runs))


def _alike(mine: Sequence[Round], chance: Sequence[Round]) -> tuple[Sequence[Round], Sequence[Round]]:
    """Two runs up to the last round that both have."""
    n = min(len(mine), len(chance))
    return mine[:n], chance[:n]


def _saved(mine: Sequence[Round], chance: Sequence[Round], up: int) -> float:
    """How many fewer labels `mine` needs; `up` is 1 where higher scores are better, else -1."""
    target = min(up * mine[-1].score, up * chance[-1].score)
    # Both reach it, at the latest in their last round.
    asked, drawn = (needed([(r.labels, up * r.score) for r in rounds], target) for rounds in (mine, chance))
    assert asked is not None
    assert drawn is not None
    return drawn - asked
