"""Whether runs lie apart because they need more epochs, or because their epochs take longer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.errors import OptionError

__all__ = ["Decomposition", "decomposition"]


@dataclass(frozen=True)
class Decomposition:
    """Seconds to a target as epochs times seconds per epoch.

    The CV of the seconds is about the standard deviation of their logarithm, which is a sum of two. Each is given the share
    cov(log part, log seconds) / var(log seconds), so that both sum to 1 (Klenow and Rodriguez-Clare 1997). A share
    is below 0 where that part holds runs together, as where those of more epochs have shorter ones.

    Attributes:
        n: How many runs.
        epochs: To the target, on the mean.
        epochs_cv: Their coefficient of variation.
        seconds_per_epoch: On the mean over runs.
        seconds_per_epoch_cv: Their coefficient of variation.
        epochs_share: Of the spread of the seconds, due to epochs; None where all seconds are alike, or of one run.
        seconds_per_epoch_share: 1 minus that.
    """

    n: int
    epochs: float
    epochs_cv: float | None
    seconds_per_epoch: float
    seconds_per_epoch_cv: float | None
    epochs_share: float | None
    seconds_per_epoch_share: float | None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def decomposition(epochs: Sequence[float], seconds: Sequence[float]) -> Decomposition:
    """Take the spread of runs apart.

    Arguments:
        epochs: Of each run that reached the target, until it did; positive.
        seconds: Of the same runs, until they did; positive.

    Raises:
        OptionError: There are no runs, not as many of one as of the other, or something is not positive.
    """
    e, s = np.asarray(epochs, dtype=np.float64), np.asarray(seconds, dtype=np.float64)
    if len(e) != len(s) or not len(e) or min(e.min(), s.min()) <= 0:
        raise OptionError(
            f"{len(e)} numbers of epochs and {len(s)} of seconds cannot be taken apart",
            right="there is one of each for every run that reached the target, and they are positive",
            next="decomposition(epochs=[60, 56], seconds=[690.0, 645.0])",
        )
    pace = s / e
    share = None
    if len(e) > 1 and np.ptp(s) > 0:
        total = np.log(s) - np.log(s).mean()
        share = float(np.log(e) @ total / (total @ total))
    return Decomposition(
        len(e), float(e.mean()), _cv(e), float(pace.mean()), _cv(pace), share, None if share is None else 1 - share
    )


def _cv(values: NDArray[np.float64]) -> float | None:
    return float(values.std(ddof=1) / values.mean()) if len(values) > 1 else None
