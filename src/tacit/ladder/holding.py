"""Which models are held, and the curve of what was held."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tacit.ladder.trials import Candidate, Fitted, Rows, Trial
from tacit.metrics import Metric, higher_is_better

__all__ = ["Best", "Curve", "alike", "far_worse", "grown", "level", "replaces", "without_models"]

Curve = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Best:
    """A model that was scored: what was fitted, on which rung, and how well it did; rung -1 is a single fold, for a start."""

    candidate: Candidate
    trial: Trial
    fitted: Fitted
    measured: Metric
    rung: int


def alike(one: Metric, best: Metric) -> bool:
    """Whether a score may be as good as the best one, for all that their intervals say."""
    return _gain(one, best) >= -_above(one) - _below(best)


def level(one: Best, other: Best, rows: Rows) -> tuple[Best, Best]:
    """Two models, measured on the rows that both were scored on where one was scored on fewer folds."""
    n = min(len(one.fitted.rows), len(other.fitted.rows))
    if one.trial.rows != other.trial.rows or len(one.fitted.rows) == len(other.fitted.rows):
        return one, other

    def on_few(best: Best) -> Best:
        return replace(best, measured=rows.measured(best.measured.name, best.fitted.predicted[:n], best.fitted.rows[:n]))

    return on_few(one), on_few(other)


def replaces(found: Best, held: Best) -> bool:
    """Whether a model is held instead of another: if it scores better; on a higher rung, with more rows, also if it scores alike.

    A candidate that is held already is held as it is known better, unless it has become worse beyond doubt.
    """
    if found.candidate is held.candidate:
        return held.rung < 0 or alike(found.measured, held.measured)
    gain = _gain(found.measured, held.measured)
    return gain > (-_above(found.measured) if found.rung > held.rung else 0)


def far_worse(one: Metric, best: Metric) -> bool:
    """Whether a score is worse than the best one by more than the wider of their intervals."""
    return -_gain(one, best) > max(m.interval[1] - m.interval[0] for m in (one, best))


def grown(curve: Curve, seconds: float, measured: Metric) -> Curve:
    """The curve with a new last point, without what it claimed above that, which has turned out not to be true."""
    up = 1 if higher_is_better(measured.name) else -1
    kept = tuple((s, value) for s, value in curve if up * value <= up * measured.value)
    return kept if kept and kept[-1][1] == measured.value else (*kept, (seconds, measured.value))


def without_models(best: Best) -> Best:
    """What is left of a model that is let go: how it did."""
    return replace(best, fitted=replace(best.fitted, models=()))


def _gain(one: Metric, other: Metric) -> float:
    return (one.value - other.value) * (1 if higher_is_better(one.name) else -1)


def _above(measured: Metric) -> float:
    """How far the interval reaches on the better side."""
    low, high = measured.interval
    return high - measured.value if higher_is_better(measured.name) else measured.value - low


def _below(measured: Metric) -> float:
    low, high = measured.interval
    return measured.value - low if higher_is_better(measured.name) else high - measured.value
