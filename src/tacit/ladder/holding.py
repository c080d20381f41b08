"""Which models are held, which candidates go on, and the curve of what was held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tacit.ladder.trials import Candidate, Fitted, Trial
from tacit.metrics import Metric, higher_is_better

__all__ = ["Best", "Curve", "alike", "grown", "replaces", "survivors"]

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


def replaces(found: Best, held: Best) -> bool:
    """Whether a model is held instead of another: if it scores better; on a higher rung, with more rows, also if it scores alike.

    A candidate that is held already is held as it is known better, unless it has become worse beyond doubt.
    """
    if found.candidate is held.candidate:
        return held.rung < 0 or alike(found.measured, held.measured)
    gain = _gain(found.measured, held.measured)
    return gain > (-_above(found.measured) if found.rung > held.rung else 0)


def grown(curve: Curve, seconds: float, measured: Metric) -> Curve:
    """The curve with a new last point, without what it claimed above that, which has turned out not to be true."""
    up = 1 if higher_is_better(measured.name) else -1
    kept = tuple((s, value) for s, value in curve if up * value <= up * measured.value)
    return kept if kept and kept[-1][1] == measured.value else (*kept, (seconds, measured.value))


def survivors(going: Sequence[Candidate], scores: dict[str, float]) -> list[Candidate]:
    """The better half, best first, and the best of each learner: some need many rows to show what they can do."""
    ranked = sorted((c for c in going if c.key in scores), key=lambda c: -scores[c.key])
    half = -(-len(ranked) // 2)
    named: set[str] = set()
    kept = []
    for place, candidate in enumerate(ranked):
        if place < half or candidate.learner.name not in named:
            kept.append(candidate)
        named.add(candidate.learner.name)
    return kept


def _gain(one: Metric, other: Metric) -> float:
    return (one.value - other.value) * (1 if higher_is_better(one.name) else -1)


def _above(measured: Metric) -> float:
    """How far the interval reaches on the better side."""
    low, high = measured.interval
    return high - measured.value if higher_is_better(measured.name) else measured.value - low


def _below(measured: Metric) -> float:
    low, high = measured.interval
    return measured.value - low if higher_is_better(measured.name) else high - measured.value
