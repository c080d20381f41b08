"""What a search found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tacit.ladder.trials import Trial
from tacit.learners import Floats, Model

__all__ = ["Climb"]


@dataclass(frozen=True)
class Climb:
    """What the search found.

    Attributes:
        model: The best one, fitted on all rows if there was time.
        trial: The trial that the score is of.
        metric, score, interval: Of rows that the scored fits did not have.
        seconds: From the start of the search to its end.
        curve: (seconds, score) each time the best improved, rising to `score`. Scores of small samples that more rows did not
            bear out are left out.
        trials: In the order in which they ended.
        stopped: "portfolio", "budget", "target" or "interrupt".
        rows: Positions of the rows that were scored.
        predicted: What was predicted for them by fits that did not have them.
    """

    model: Model
    trial: Trial
    metric: str
    score: float
    interval: tuple[float, float]
    seconds: float
    curve: tuple[tuple[float, float], ...]
    trials: tuple[Trial, ...]
    stopped: str
    rows: NDArray[np.intp]
    predicted: Floats
