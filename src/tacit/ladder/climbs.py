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
        model: The best one, or several together, fitted on all rows if there was time, and calibrated.
        trial: The trial that the score is of: that of the model, or of an "ensemble".
        made: The trial that made the model.
        metric, score, interval: Of rows that the scored fits did not have, nor the choice among them. The interval also holds
            what the rows that were scored on will add.
        seconds: From the start of the search to its end.
        curve: (seconds, score) each time the best improved, rising to `score`. Scores of small samples that more rows did not
            bear out are left out.
        trials: In the order in which they ended.
        stopped: "portfolio", "budget", "target" or "interrupt".
        rows: Positions of the rows that were scored.
        predicted: What was predicted for them by fits and choices that did not have them.
        notes: What a reader should know: learners that were left out, and what they would add.
    """

    model: Model
    trial: Trial
    made: Trial
    metric: str
    score: float
    interval: tuple[float, float]
    seconds: float
    curve: tuple[tuple[float, float], ...]
    trials: tuple[Trial, ...]
    stopped: str
    rows: NDArray[np.intp]
    predicted: Floats
    notes: tuple[str, ...] = ()
