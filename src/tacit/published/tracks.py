"""The curve of a DAWNBench training: a TSV file with an evaluation a line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tacit.stability import time_to

__all__ = ["Track", "read_track"]

_LONGEST = 1e6  # hours
Notes = list[tuple[str, str]]


@dataclass(frozen=True)
class Track:
    """Evaluations in the order of time.

    Attributes:
        curve: (seconds since the start, score) of each.
    """

    curve: tuple[tuple[float, float], ...]

    @property
    def best(self) -> float:
        """The highest score."""
        return max(score for _, score in self.curve)

    def time_to(self, target: float, *, strict: bool = False) -> float | None:
        """Seconds until the first evaluation that meets, or with `strict` passes, the target; None where none does."""
        return time_to(self.curve, target, strict=strict)


def read_track(text: str, metric: str | None, most: float | None) -> tuple[Track | None, Notes]:
    """The curve in a file, or None where no time can be relied on, and what is wrong: reasons and fixes.

    Arguments:
        text: A header and lines, tab-separated: `epoch`, `hours` since the start, and the metric, in any order.
        metric: The column of the score; None where it is the only one beside epoch and hours.
        most: The largest value that the metric can have, or None.
    """
    lines = [[cell.strip() for cell in line.split("\t")] for line in text.splitlines() if line.strip()]
    header = lines[0] if lines else []
    others = [name for name in header if name not in ("epoch", "hours")]
    column = metric if metric is not None else others[0] if len(others) == 1 else "one metric"
    missing = [name for name in ("epoch", "hours", column) if name not in header]
    if missing:
        return None, [(f"it has no column {', '.join(missing)}", f"its header is epoch, hours, {column}, with tabs between")]
    if len(lines) == 1:
        return None, [("it has a header and no lines", "add a line for each evaluation")]
    epochs, hours, scores = [], [], []
    for number, cells in enumerate(lines[1:], 2):
        try:
            epoch, hour, score = (float(cells[header.index(name)]) for name in ("epoch", "hours", column))
        except (IndexError, ValueError):
            return None, [(f"its line {number} has no numbers in epoch, hours and {column}", "mend the line")]
        epochs.append(epoch)
        hours.append(hour)
        scores.append(score)
    wrong = _hours(hours) or _scores(scores, column, most)
    if wrong:
        return None, wrong
    return Track(tuple((3600 * h, s) for h, s in zip(hours, scores, strict=True))), _epochs(epochs)


def _hours(hours: Sequence[float]) -> Notes:
    if not all(0 <= h < _LONGEST for h in hours):
        return [("its hours are no numbers from 0 on", "write hours since the start")]
    for number, (before, after) in enumerate(pairwise(hours), 3):
        if after < before:
            return [(f"its hours go back at line {number}", "write hours since the start of one run, a run a file")]
    return []


def _scores(scores: Sequence[float], column: str, most: float | None) -> Notes:
    known = [s for s in scores if not math.isnan(s)]  # a run that diverged for a while has no score then
    if not known:
        return [(f"its {column} is never a number", "write the score of each evaluation")]
    if min(known) < 0 or (most is not None and max(known) > most):
        unit = "a fraction" if most == 1 else "percent"
        return [(f"its {column} is from {min(known):g} to {max(known):g}; {unit} is meant", f"write it as {unit}")]
    if most == 100 and 0 < max(known) <= 1:
        return [(f"its {column} is from {min(known):g} to {max(known):g}; percent is meant", "write it as percent")]
    return []


def _epochs(epochs: Sequence[float]) -> Notes:
    for number, (before, after) in enumerate(pairwise(epochs), 3):
        if not after > before:
            return [(f"its epochs do not rise at line {number}", "write the epochs trained so far")]
    return []
