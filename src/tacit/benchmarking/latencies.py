"""How long one answer takes: one example at a time, whole and without what comes before the model."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from tacit.learners import Model
from tacit.predicting import answered
from tacit.tasks import Task

__all__ = ["Latency", "Spell", "cost_per_million", "latency_of"]

_WARM = 10
_MOST = 500
_LONGEST = 5.0


@dataclass(frozen=True)
class Spell:
    """Milliseconds of one answer: percentiles and the mean."""

    p50: float
    p90: float
    p99: float
    mean: float


@dataclass(frozen=True)
class Latency:
    """Of one example at a time, after a warm-up that is not measured.

    Attributes:
        n: How many answers were timed.
        whole: From the inputs as they were given to the value: checked, made into features, predicted.
        model: The model alone, from inputs that were checked.
    """

    n: int
    whole: Spell
    model: Spell

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def latency_of(
    task: Task[..., Any], model: Model, inputs: Sequence[Mapping[str, Any]], columns: Mapping[str, Sequence[Any]]
) -> Latency | None:
    """Ask a model one example at a time, each once, for 5 seconds a kind at most.

    Arguments:
        task: Whose model it is.
        model: What answers; its `predict` returns arrays, so whatever computes elsewhere has ended when the clock is read.
        inputs: Of the examples, as a caller gives them.
        columns: Of the same examples, as they were checked.

    Returns:
        None where there are no examples.
    """
    n = min(len(inputs), _MOST)
    if not n:
        return None
    single = [{name: [values[i]] for name, values in columns.items()} for i in range(n)]
    whole = _timed(n, lambda i: answered(task, inputs[i], model, None))
    alone = _timed(len(whole), lambda i: model.predict(single[i]))
    return Latency(min(len(whole), len(alone)), _spell(whole), _spell(alone))


def cost_per_million(mean_ms: float, usd_per_hour: float) -> float:
    """USD for a million answers, one after the other.

    Example:
        >>> round(cost_per_million(29.24, 0.90), 2)
        7.31
    """
    return usd_per_hour / 3.6e6 * mean_ms * 1e6


def _timed(n: int, ask: Callable[[int], object]) -> list[float]:
    for i in range(min(n, _WARM)):
        ask(i)
    took: list[float] = []
    end = time.perf_counter() + _LONGEST
    for i in range(n):
        began = time.perf_counter()
        ask(i)
        now = time.perf_counter()
        took.append((now - began) * 1000)
        if now > end:
            break
    return took


def _spell(took: Sequence[float]) -> Spell:
    p50, p90, p99 = np.percentile(took, [50, 90, 99]).tolist()
    return Spell(p50, p90, p99, float(np.mean(took)))
