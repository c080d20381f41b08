"""Whether runs learn suspiciously few epochs long: MLPerf Training's reference convergence points.

A reference states how many epochs it needed, run by run, at some batch sizes. Runs that need fewer than chance allows learn
something else than the reference does. Source: MLPerf Training rules, "Reference Convergence Points" and the appendix with its
examples; where these are silent, the checker of mlcommons/logging (5.0.0).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from tacit.errors import OptionError
from tacit.stability.olympic import olympic

__all__ = ["Judgment", "Reading", "Reference", "judge", "least_mean", "pruned", "reference"]

Reading: TypeAlias = Literal["rules", "checker"]
"""What the deviation of a reference is of: "rules" is the text of the rules, the runs that are left when the extremes are dropped;
"checker" is what the checker that comes with them computes, all runs. Its bounds are wider: 6.6 % for 3.5 % in the rules' example."""


@dataclass(frozen=True)
class Reference:
    """A reference convergence point.

    Attributes:
        batch: Its batch size.
        mean: Of the epochs to the target, extremes dropped.
        sd: Their standard deviation, over their number (both readings divide by n).
        n: How many runs the test counts.
    """

    batch: float
    mean: float
    sd: float
    n: int


@dataclass(frozen=True)
class Judgment:
    """What the references say of runs.

    Attributes:
        accepted: Whether they may be as fast as they are.
        why: In one sentence.
        mean: Their epochs, extremes dropped; None where too many did not reach the target.
        reference: What they were held against; None where there was nothing.
        least: The smallest mean that is accepted.
        factor: What their time is multiplied with: reference mean / mean where they are faster than the reference and accepted, else 1.
    """

    accepted: bool
    why: str
    mean: float | None = None
    reference: Reference | None = None
    least: float | None = None
    factor: float = 1.0


def reference(batch: float, epochs: Sequence[float], *, drop: int = 1, reading: Reading = "rules") -> Reference:
    """The point that runs of the reference give.

    Arguments:
        batch: Their batch size.
        epochs: To the target, of each run; the rules ask for twice as many runs as a result has.
        drop: How many are dropped at each end; MLPerf drops 1, of U-Net3D 4.
        reading: What the deviation is of.

    Raises:
        OptionError: Nothing is left.

    Example:
        >>> given = [16, 14, 16, 17, 16, 16, 15, 16, 15, 16]
        >>> for reading in ("rules", "checker"):
        ...     point = reference(128, given, reading=reading)
        ...     print(point.mean, round(point.sd, 3), round(least_mean(point, 3), 2))
        15.75 0.433 15.21
        15.75 0.781 14.78
    """
    left = sorted(epochs)[drop : len(epochs) - drop]
    if not left:
        raise OptionError(
            f"{len(epochs)} runs of a reference are too few",
            right=f"{drop} are dropped at each end",
            next="reference(128, [16, 14, 16, 17, 16, 16, 15, 16, 15, 16])",
        )
    return Reference(batch, float(np.mean(left)), float(np.std(left if reading == "rules" else epochs)), len(left))


def least_mean(reference: Reference, n: int, *, alpha: float = 0.05) -> float:
    """The smallest mean of n runs that is accepted: mean - t sd sqrt(1 / reference n + 1 / n).

    Student's one-sided two-sample t-test with pooled variance, solved for the mean. The runs are taken to vary as the reference does;
    t has n + reference n - 2 degrees of freedom.

    Arguments:
        reference: What they are held against.
        n: Runs that are left when the extremes are dropped.
        alpha: How often runs that are like the reference are refused.
    """
    from scipy.special import stdtrit

    t = float(stdtrit(reference.n + n - 2, 1 - alpha))
    return reference.mean - t * reference.sd * math.sqrt(1 / reference.n + 1 / n)


def pruned(references: Sequence[Reference]) -> list[Reference]:
    """The references by rising batch size, without those that are too slow to hold anybody against.

    Those of smaller batches than the fastest has go first; then, from small to large, each that is slower than the line between its
    neighbors. (The checker does so once, and does not look back.)
    """
    ordered = sorted(references, key=lambda r: r.batch)
    fastest = min(ordered, key=lambda r: r.mean, default=None)
    left = [r for r in ordered if fastest is not None and r.batch >= fastest.batch]
    i = 1
    while i < len(left) - 1:
        if left[i].mean > _between(left[i - 1], left[i + 1], left[i].batch, 0).mean:
            del left[i]
        else:
            i += 1
    return left


def _between(low: Reference, high: Reference, batch: float, n: int) -> Reference:
    mean, sd = (float(np.interp(batch, [low.batch, high.batch], ends)) for ends in ([low.mean, high.mean], [low.sd, high.sd]))
    return Reference(batch, mean, sd, n)


def judge(
    references: Sequence[Reference], batch: float, epochs: Sequence[float], *, drop: int = 1, alpha: float = 0.05
) -> Judgment:
    """Hold runs against the references.

    Between two batch sizes mean and deviation are interpolated; such a point counts as twice as many runs as are judged, none dropped,
    which the rules' example needs for its 3.68 %. A batch larger than all cannot be judged; one smaller than all is accepted if it is
    slow enough for the smallest.

    Arguments:
        references: All, or `pruned`, as the checker does.
        batch: The batch size of the runs.
        epochs: To the target, of each run; infinity where it was not reached.
        drop: How many are dropped at each end.
        alpha: As in `least_mean`.
    """
    mean = olympic(epochs, drop)
    if mean is None:
        return Judgment(False, f"of {len(epochs)} runs more than {drop} did not reach the target, or too few are left")
    below, above = [r for r in references if r.batch <= batch], [r for r in references if r.batch >= batch]
    if not above:
        return Judgment(False, f"no reference has a batch of {batch:g} or more: run the reference with that batch", mean)
    high = min(above, key=lambda r: r.batch)
    low = max(below, key=lambda r: r.batch, default=high)
    point = high if low.batch == high.batch else _between(low, high, batch, 2 * len(epochs))
    least = least_mean(point, len(epochs) - 2 * drop, alpha=alpha)
    held = f"{mean:.2f} epochs against {point.mean:.2f} of the reference at a batch of {point.batch:g}, {least:.2f} at the least"
    if mean < least:
        missing = f"; no reference has a batch of {batch:g} or less: run the reference with that batch" if not below else ""
        return Judgment(False, f"fewer than chance allows: {held}{missing}", mean, point, least)
    return Judgment(True, held, mean, point, least, max(1.0, point.mean / mean))
