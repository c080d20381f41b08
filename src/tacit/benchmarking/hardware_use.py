"""Where the time of a training went, and how much of what the machine can do was used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tacit.benchmarking.others import crowded
from tacit.charts import Point as Dot
from tacit.charts import Series, chart
from tacit.drawing import svg
from tacit.hardware import Peaks, Point, Roofline, utilization
from tacit.tables import number, table

__all__ = ["PARTS", "HardwareUse", "Work", "shares"]

PARTS = ("init", "load", "data", "forward", "backward", "optimizer", "eval", "save", "rest")
"""Loading libraries; reading the rows; features and batches; scores and loss; gradients; changing the weights; predicting and
scoring; writing the model; what has no name: trees that grow, and the search itself."""

_SAME = {"evaluate": "eval"}
_GIGA = 1e9


def shares(seconds: Mapping[str, float]) -> dict[str, float]:
    """Seconds of a `Stopwatch` -> seconds of each of `PARTS`, by the innermost name.

    Example:
        >>> shares({"": 1.0, "train": 2.0, "train/forward": 3.0, "train/evaluate": 4.0})["rest"]
        3.0
    """
    found = dict.fromkeys(PARTS, 0.0)
    for path, spent in seconds.items():
        name = path.rpartition("/")[2]
        name = _SAME.get(name, name)
        found[name if name in found else "rest"] += spent
    return found


@dataclass(frozen=True)
class Work:
    """Some work that was timed.

    Attributes:
        name: Of the work.
        rows: How many rows it worked on, a row as often as it came; 0 where that is not known.
        seconds: That it took.
        flops: Operations of the model for these rows; None where they cannot be counted.
        precision: Of most products: "float32", ...
        moved: Bytes that have to come from memory at least; None where nobody counted them.
        why: Why the operations, or the seconds, are unknown.
    """

    name: str
    rows: int
    seconds: float | None
    flops: float | None = None
    precision: str | None = None
    moved: float | None = None
    why: str | None = None

    @property
    def per_row(self) -> float | None:
        """Operations for each row."""
        return None if self.flops is None or not self.rows else self.flops / self.rows

    @property
    def rate(self) -> float | None:
        """Operations a second."""
        return None if self.flops is None or not self.seconds else self.flops / self.seconds

    def used(self, peaks: Peaks) -> float | None:
        """The share of the peak of its precision; None where one of the two is not known."""
        peak = getattr(peaks, self.precision or "", None)
        if self.flops is None or not self.seconds or peak is None:
            return None
        return utilization(self.flops, self.seconds, peak)

    def point(self) -> Point | None:
        """Its place under the roof."""
        if not self.flops or not self.moved or not self.seconds:
            return None
        return Point.of(self.name, flops=self.flops, moved=self.moved, seconds=self.seconds)


@dataclass(frozen=True)
class HardwareUse:
    """What one training and some answers made of a machine.

    Attributes:
        task, learner, metric, score: What was trained, and how good the model is.
        seconds: Of the whole training: all settings that were tried.
        phases: Seconds of each of `PARTS`; they add up to `seconds`.
        members: How many fits answer together.
        rows: How many rows the one had that was made again, the heaviest of them.
        steps: How many batches it went over; 0 where it has no steps.
        works: That fit, its steps forward and backward; answers to many rows at once, and one by one.
        peaks: Of this machine, measured right after.
        others: The share of the machine that other processes used during the training; None where the system does not say.
    """

    task: str
    learner: str
    metric: str
    score: float
    seconds: float
    phases: Mapping[str, float]
    members: int
    rows: int
    steps: int
    works: tuple[Work, ...]
    peaks: Peaks
    others: float | None

    @property
    def roofs(self) -> dict[str, Roofline]:
        """Precision -> its roof, with the work that has a place under it; that of float32 where none has."""
        found: dict[str, list[Point]] = {}
        for work in self.works:
            point = work.point()
            if point is not None and work.precision and getattr(self.peaks, work.precision, None) is not None:
                found.setdefault(work.precision, []).append(point)
        found = found or {"float32": []}
        return {name: Roofline(getattr(self.peaks, name), self.peaks.bandwidth, tuple(points)) for name, points in found.items()}

    def __str__(self) -> str:
        under = {point.name: (roof, point) for roof in self.roofs.values() for point in roof.points}
        time = table(
            ["phase", "seconds", "share"],
            [[name, number(spent, 2), f"{spent / self.seconds:.1%}"] for name, spent in self.phases.items() if spent > 0],
            title=f"{self.task}: {self.learner}, {self.metric} {self.score:.3f}, trained for {self.seconds:.1f} s",
            right=["seconds", "share"],
        )
        figures = ["rows", "operations/row", "us/row", "GFLOP/s", "of peak", "operations/byte", "of attainable"]
        rows = []
        for work in self.works:
            roof, point = under.get(work.name, (None, None))
            used, row, rate = work.used(self.peaks), work.per_row, work.rate
            rows.append([
                work.name,
                f"{work.rows:,}" if work.rows else None,
                "unknown" if row is None else f"{row:,.0f}",
                None if not work.rows or work.seconds is None else number(1e6 * work.seconds / work.rows, 1),
                None if rate is None else f"{rate / _GIGA:,.3g}",
                None if used is None else f"{used:.2%} {work.precision}",
                None if point is None else f"{point.intensity:,.3g}",
                None if roof is None or point is None else f"{roof.share(point):.2%}, {roof.bound(point)}",
            ])  # fmt: skip
        together = "the model" if self.members == 1 else f"{self.members} such fits together"
        made = (
            f"a fit of {self.rows:,} rows" + (f" in {self.steps:,} steps" if self.steps else "") + f", and answers of {together}"
        )
        notes = [f"peaks, measured: {self.peaks}"]
        notes += [f"unknown: {why}" for why in dict.fromkeys(w.why for w in self.works if w.why)]
        if crowded(self.others):
            notes.append(f"note: {self.others:.0%} of the machine did other work meanwhile: its seconds are not to be trusted")
        return "\n\n".join([time, table(["work", *figures], rows, title=made, right=figures), "\n".join(notes)])

    def to_dict(self) -> dict[str, Any]:
        works = [
            asdict(w) | {"flops_per_row": w.per_row, "flops_per_second": w.rate, "utilization": w.used(self.peaks)}
            for w in self.works
        ]
        roofs = {name: roof.to_dict() for name, roof in self.roofs.items()}
        return asdict(self) | {"works": works, "roofs": roofs}

    def draw(self) -> str:
        """The roofs and the work under them, as an SVG file."""
        roofs = self.roofs
        series = [
            Series(f"roof, {name}", tuple(Dot(x, y / _GIGA) for x, y in roof.roof()), faint=True) for name, roof in roofs.items()
        ]
        series += [Series(p.name, (Dot(p.intensity, p.achieved / _GIGA),)) for roof in roofs.values() for p in roof.points]
        laid = chart("Roofline", "operations a byte", "GFLOP/s", series, logarithmic=True)
        assert laid is not None  # there always is a roof
        return svg([laid], f"{self.task}, {self.learner}: GFLOP/s against operations a byte")
