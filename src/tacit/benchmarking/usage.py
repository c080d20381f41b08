"""Where the hardware goes while a task is learned and answers: time by phase, operations, and how near they come to the machine's peak."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tacit.arguments import checked, seeded
from tacit.charts import Point as Place
from tacit.charts import Series, decades
from tacit.datasets import training_set
from tacit.drawing import svg
from tacit.errors import OptionError, nearest, quote
from tacit.hardware import Peaks, Point, Roofline, flops, peaks, torch_flops, utilization
from tacit.ladder import chosen
from tacit.learners import Cache, Columns, Model, save_model, settle
from tacit.phases import phase, stopwatch
from tacit.progress import Progress, report
from tacit.project import current
from tacit.tables import seconds, size, table
from tacit.tasks import Task
from tacit.training import choices

__all__ = ["Answers", "Usage", "usage"]

_BATCH = 512
_ALONE = 50
_HELD = 4
"""At most one row in so many is not learned from, and asked: what a fit has seen may be remembered, and then takes no time to answer."""

_BORROWS = ("encoder-linear",)
"""Learners whose files lack what does most of the work: the weights of a pretrained encoder."""


@dataclass(frozen=True)
class Answers:
    """Answering so many rows at once.

    Attributes:
        rows: How many.
        seconds: Of one row the median of several, each asked once; of many of one try.
        flops: Operations of them together; None where they cannot be counted.
    """

    rows: int
    seconds: float
    flops: float | None


@dataclass(frozen=True)
class Usage:
    """What one fit of a learner, and its answers, make of a machine.

    Attributes:
        task, learner, settings, rows: What was fitted, with the first settings of its portfolio, on so many rows.
        seconds: That the fit took.
        phases: Seconds of it by phase, "" what no phase names: "data", "forward", "backward", "optimizer", "eval", ...
        flops: Operations of the fit, as torch counts them; None of learners that do not compute by torch, which is not 0.
        answers: One at a time, and many at once.
        model_bytes: Of the files of the model; None where an encoder of others does most of the work.
        peaks: What this machine reaches.
    """

    task: str
    learner: str
    settings: Mapping[str, Any]
    rows: int
    seconds: float
    phases: Mapping[str, float]
    flops: float | None
    answers: tuple[Answers, ...]
    model_bytes: int | None
    peaks: Peaks

    @property
    def roofline(self) -> Roofline:
        """Answers under the roof of float32; bytes are those of the model, read once for all rows that are answered together."""
        points = [
            Point.of(f"{a.rows} row{'s' * (a.rows > 1)}", flops=a.flops, moved=self.model_bytes, seconds=a.seconds)
            for a in self.answers
            if a.flops and self.model_bytes
        ]
        return Roofline(self.peaks.float32, self.peaks.bandwidth, tuple(points))

    def svg(self) -> str:
        """The roofline as a drawing; what cannot be counted is not under it."""
        roof = self.roofline
        series = [Series("roof", tuple(Place(x, y / 1e9) for x, y in roof.roof()), faint=True)]
        series += [Series(p.name, (Place(p.intensity, p.achieved / 1e9),)) for p in roof.points]
        laid = decades("Answers under the roof", "operations a byte", "GFLOP/s", series)
        assert laid is not None
        return svg([laid], f"{self.task}, {self.learner}: GFLOP/s")

    def __str__(self) -> str:
        spent = sorted(self.phases.items(), key=lambda item: -item[1])
        blocks = [
            f"{self.task}: one fit of {self.learner} on {self.rows:,} rows, {seconds(self.seconds)}; {self.peaks}\nof the peak: of float32{'' if self.peaks.bfloat16 is None else ', or of bfloat16'}",
            table(
                ["phase", "seconds", "share"],
                [[name or "other", f"{s:.3f}", f"{s / self.seconds:.1%}"] for name, s in spent],
                right=["seconds", "share"],
            ),
            f"operations of the fit: {self._trained()}",
            table(
                ["answers", "a row", "operations a row", "GFLOP/s", "of the peak", "bound by"],
                [[f"{a.rows} at once", _per_row(a.seconds / a.rows), *self._achieved(a)] for a in self.answers],
                right=["a row", "operations a row", "GFLOP/s", "of the peak"],
            ),
        ]
        return "\n\n".join(blocks)

    def _trained(self) -> str:
        if self.flops is None:
            return "unknown: only those of torch are counted"
        each = f"{self.flops / self.rows:,.0f} a row that was learned from, all epochs together"
        return f"{self.flops / 1e9:,.1f} G, {each}; {self.flops / self.seconds / 1e9:,.1f} GFLOP/s, {self._of_peak(self.flops, self.seconds)} of the peak"

    def _of_peak(self, flops: float, seconds: float) -> str:
        """The share of the peak of float32, and of bfloat16 where there is one: which of them a learner computes with is not known here."""
        peaks = [self.peaks.float32, *([self.peaks.bfloat16] if self.peaks.bfloat16 else [])]
        return " or ".join(f"{utilization(flops, seconds, peak):.1%}" for peak in peaks)

    def _achieved(self, answers: Answers) -> list[str | None]:
        if not answers.flops:
            return ["unknown", None, None, None]
        bound = "unknown"
        if self.model_bytes is not None:
            point = Point.of("", flops=answers.flops, moved=self.model_bytes, seconds=answers.seconds)
            bound = f"{self.roofline.bound(point)}, {size(self.model_bytes)} at once"
        return [
            f"{answers.flops / answers.rows:,.0f}",
            f"{answers.flops / answers.seconds / 1e9:.3f}",
            self._of_peak(answers.flops, answers.seconds),
            bound,
        ]

    def to_dict(self) -> dict[str, Any]:
        return {
            **{name: value for name, value in vars(self).items() if name not in ("answers", "peaks")},
            "answers": [vars(a) for a in self.answers],
            "peaks": self.peaks.to_dict(),
            "roofline": self.roofline.to_dict(),
        }


@checked
def usage(task: Task[..., Any] | str, *, learner: str | None = None, seed: int = 0) -> Usage:
    """Fit a learner on the labeled rows, ask it rows that were kept apart, and say where its time and the machine's power went.

    A first fit is timed. Where torch computes, a second one repeats it while operations are counted. Nothing is kept.

    Arguments:
        task: A task or its name.
        learner: One of `choices`; the cheapest by default.
        seed: Of the fit.

    Raises:
        OptionError: There is no such learner for the task.
        TooFewLabels: There is nothing to learn from.
        MissingExtra: The learner needs what is not installed.
    """
    project, seed = current(), seeded(seed)
    task = project.task(task)
    known = [name for name in choices(task) if name != "ensemble"]
    if learner is not None and learner not in known:
        raise OptionError(
            f"there is no learner {quote(learner)} for {task.name}",
            right=f"it can be {', '.join(known)}",
            next=f"--learner {nearest(learner, known) or known[0]}",
        )
    report(Progress(f"reading the rows of {task.name}", 0))
    data = settle(training_set(project, task).data)
    one = chosen(data, [learner or known[0]], task.name).learners[0]
    settings = one.portfolio(data)[0]
    one.warm_up()
    held = max(1, min(_BATCH + _ALONE, data.n // _HELD))
    order = np.random.default_rng(seed).permutation(data.n)
    asked, data = data.take(order[:held]).columns, data.take(np.sort(order[held:]))
    report(Progress(f"fitting {one.name}", 0))
    began = time.perf_counter()
    with stopwatch() as clock, phase("fit"):
        model = one.fit(data, settings, seed=seed, cache=Cache())
    took = time.perf_counter() - began
    report(Progress(f"counting the operations of {one.name}", 0))
    counted = torch_flops(lambda: one.fit(data, model.settings, seed=seed, cache=Cache()))
    spent: dict[str, float] = {}
    for path, s in clock.seconds.items():
        name = path.rpartition("/")[2]
        name = "" if name == "fit" else name
        spent[name] = spent.get(name, 0.0) + s
    answers = _answers(model, asked)
    with tempfile.TemporaryDirectory() as folder:
        save_model(model, Path(folder) / "model")
        files = sum(f.stat().st_size for f in Path(folder).rglob("*") if f.is_file())
    moved = None if one.name in _BORROWS else files
    return Usage(task.name, one.name, dict(settings), data.n, took, spent, counted, answers, moved, peaks())


def _answers(model: Model, columns: Columns) -> tuple[Answers, ...]:
    """How long rows take that no fit has seen, one at a time and the others at once."""
    n = len(next(iter(columns.values())))
    alone = max(1, min(_ALONE, n // 2))
    singles = [{name: values[i : i + 1] for name, values in columns.items()} for i in range(alone)]
    took = []
    for one in singles:
        began = time.perf_counter()
        model.predict(one)
        took.append(time.perf_counter() - began)
    found = [Answers(1, float(np.median(took)), _mean([flops(model, one) for one in singles]))]
    if n > alone:
        many = {name: values[alone:] for name, values in columns.items()}
        began = time.perf_counter()
        model.predict(many)
        seconds = time.perf_counter() - began
        a_row = flops(model, many)
        found.append(Answers(n - alone, seconds, None if a_row is None else a_row * (n - alone)))
    return tuple(found)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return sum(known) / len(known) if known else None


def _per_row(value: float) -> str:
    return f"{value * 1e6:,.0f} µs" if value < 0.001 else seconds(value)
