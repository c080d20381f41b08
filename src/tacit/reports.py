"""What a measurement found: metrics with intervals, whole and by slice, and calibration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.metrics import Calibration, Metric, calibration, measure, names
from tacit.tables import bar, number, table
from tacit.types import Category, Kind

__all__ = ["Group", "Report", "report_on"]


@dataclass(frozen=True)
class Group:
    """Metrics of some rows; none where there are no rows."""

    n: int
    measured: tuple[Metric, ...]

    @cached_property
    def metrics(self) -> dict[str, float]:
        """Name -> value."""
        return {m.name: m.value for m in self.measured}

    @cached_property
    def intervals(self) -> dict[str, tuple[float, float]]:
        """Name -> 95 % interval."""
        return {m.name: m.interval for m in self.measured}


@dataclass(frozen=True)
class Report:
    """How good a model is.

    Attributes:
        task, model: What was measured, by name and id.
        whole: Metrics of all rows.
        slices: Name of each slice -> metrics of its rows.
        calibration: For categories, how far confidence is from accuracy.
        notes: What a reader should know.
    """

    task: str
    model: str
    whole: Group
    slices: Mapping[str, Group]
    calibration: Calibration | None
    notes: tuple[str, ...]

    @property
    def n(self) -> int:
        """How many rows were measured."""
        return self.whole.n

    @property
    def metrics(self) -> dict[str, float]:
        """Name -> value, of all rows; for categories with "ece", the expected calibration error."""
        return self.whole.metrics | ({"ece": self.calibration.ece} if self.calibration else {})

    @property
    def intervals(self) -> dict[str, tuple[float, float]]:
        """Name -> 95 % interval, of all rows."""
        return self.whole.intervals

    def __str__(self) -> str:
        rows: list[list[Any]] = [
            [m.name, number(m.value), f"{number(m.interval[0])} to {number(m.interval[1])}"] for m in self.whole.measured
        ]
        if self.calibration:
            rows.append(["ece", number(self.calibration.ece), None])
        said = [
            table(
                ["metric", "value", "95 %"], rows, title=f"{self.task} on {self.n:,} rows (model {self.model})", right=["value"]
            )
        ]
        if self.slices:
            first = self.whole.measured[0].name
            lines: list[list[Any]] = [
                ["all", f"{self.n:,}", number(self.metrics[first]), _range(self.whole), bar(self.metrics[first])]
            ]
            lines += [
                [name, f"{g.n:,}", number(g.metrics.get(first)), _range(g), bar(g.metrics.get(first, 0))]
                for name, g in self.slices.items()
            ]
            said.append(table(["slice", "rows", first, "95 %", ""], lines, right=["rows", first]))
        return "\n\n".join(said + [f"note: {note}" for note in self.notes])

    def to_dict(self) -> dict[str, Any]:
        return {
            "task": self.task,
            "model": self.model,
            "n": self.n,
            "metrics": self.metrics,
            "intervals": self.intervals,
            "slices": {name: {"n": g.n, "metrics": g.metrics, "intervals": g.intervals} for name, g in self.slices.items()},
            "calibration": None if self.calibration is None else asdict(self.calibration),
            "notes": list(self.notes),
        }


def _range(group: Group) -> str | None:
    return f"{number(group.measured[0].interval[0])} to {number(group.measured[0].interval[1])}" if group.measured else None


def report_on(
    task: str,
    model: str,
    output: Kind,
    predicted: NDArray[np.float64],
    target: NDArray[np.float64],
    slices: Mapping[str, NDArray[np.bool_]],
    notes: tuple[str, ...],
) -> Report:
    """Measure predictions, whole and by slice.

    Arguments:
        predicted: (n, n_classes) probabilities, or (n,) numbers; n at least 1.
        target: Of the same shape.
        slices: Name -> (n,) bool, which rows are in it.
    """

    def group(rows: NDArray[np.bool_]) -> Group:
        if not rows.any():
            return Group(0, ())
        return Group(int(rows.sum()), tuple(measure(name, predicted[rows], target[rows]) for name in names(output)))

    whole = group(np.ones(len(target), bool))
    calibrated = calibration(predicted, target) if isinstance(output, Category) else None
    return Report(task, model, whole, {name: group(rows) for name, rows in slices.items()}, calibrated, notes)
