"""DAWNBench's leaderboards: entries by training time, training cost, latency and cost of inference, and what was gained since the seeds."""

from __future__ import annotations

import datetime as dt
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tacit.errors import FileError, OptionError
from tacit.published.entries import TASKS, Entry, Target, read_entries
from tacit.published.problems import Problem, told
from tacit.stability import cost
from tacit.tables import table

__all__ = ["Leaderboard", "Leaderboards", "Place", "dawnbench"]

QUANTITIES = ("train_time", "train_cost", "latency", "inference_cost")
"""Seconds, USD, milliseconds per item, USD per item."""

_SHOWN = 5


@dataclass(frozen=True, order=True)
class Place:
    """An entry on a leaderboard.

    Attributes:
        value: In the unit of the quantity. Equal ones are in the order of their files.
        file: The name of the file that it is from.
        seed: Whether it is one of those that the competition began with.
        exact: Whether it is a training that met its threshold exactly, and did not pass it at that moment.
    """

    value: float
    file: str
    seed: bool
    exact: bool = False


@dataclass(frozen=True)
class Leaderboard:
    """The leaderboards of a task.

    Attributes:
        task: Its name.
        target: What an entry had to reach.
        entries: How many there were, training and inference.
        places: For each of the four quantities its entries, best first.
    """

    task: str
    target: Target
    entries: int
    places: Mapping[str, tuple[Place, ...]]

    def seed(self, quantity: str) -> Place | None:
        """The best seed entry."""
        return next((place for place in self.places[quantity] if place.seed), None)

    def best(self, quantity: str) -> Place | None:
        """The best entry, which may be a seed."""
        return next(iter(self.places[quantity]), None)

    def ratio(self, quantity: str) -> float | None:
        """How many times less the best entry needs than the best seed; None where there is no seed."""
        seed, best = self.seed(quantity), self.best(quantity)
        return seed.value / best.value if seed and best else None

    @property
    def differ(self) -> bool:
        """Whether the fastest training and the cheapest are different entries, so that no entry has both ratios."""
        fastest, cheapest = self.best("train_time"), self.best("train_cost")
        return fastest is not None and cheapest is not None and fastest.file != cheapest.file


@dataclass(frozen=True)
class Leaderboards:
    """What the entries below a folder come to.

    Attributes:
        tasks: By name.
        cutoff: The last day whose entries count; None is all.
        strict: Whether thresholds had to be passed, not only met.
        problems: What is wrong with files.
    """

    tasks: tuple[Leaderboard, ...]
    cutoff: dt.date | None
    strict: bool
    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        return "\n\n".join(filter(None, [*(self._said(task) for task in self.tasks), "\n".join(told(self.problems))]))

    def _said(self, board: Leaderboard) -> str:
        title = f"{board.task}: {board.entries} {'entry' if board.entries == 1 else 'entries'}, {board.target.metric or 'score'} {'>' if self.strict else '>='} {board.target.least:g}"
        title += f", until {self.cutoff.isoformat()}" if self.cutoff else ""
        rows = []
        for quantity in QUANTITIES:
            seed = board.seed(quantity)
            for rank, place in enumerate(board.places[quantity], 1):
                if rank <= _SHOWN or place is seed:
                    ratio = f"{seed.value / place.value:,.2f}" if seed else None
                    file = f"{place.file} (best seed)" if place is seed else place.file
                    rows.append([quantity if rank == 1 else "", rank, _spelled(quantity, place.value), ratio, file])
        said = [table(["", "place", "", "seed / this", "file"], rows, title=title, right=["place", "seed / this"])]
        fastest, cheapest = board.best("train_time"), board.best("train_cost")
        if board.differ and fastest and cheapest:
            said.append(f"No entry has both ratios of training: {fastest.file} is the fastest, {cheapest.file} the cheapest.")
        if fastest and fastest.exact:
            said.append(f"{fastest.file} meets {board.target.least:g} exactly; --strict asks for more.")
        return "\n\n".join(said)

    def to_dict(self) -> dict[str, Any]:
        return {
            "tasks": {b.task: {q: [[p.file, p.value] for p in b.places[q]] for q in QUANTITIES} for b in self.tasks},
            "ratios": {b.task: {q: b.ratio(q) for q in QUANTITIES} for b in self.tasks},
            "winners": {
                b.task: {q: {"seed": _file(b.seed(q)), "best": _file(b.best(q))} for q in QUANTITIES} for b in self.tasks
            },
            "differ": {b.task: b.differ for b in self.tasks},
            "cutoff": self.cutoff.isoformat() if self.cutoff else None,
            "problems": [problem.to_dict() for problem in self.problems],
        }


def _file(place: Place | None) -> str | None:
    return place.file if place else None


def _spelled(quantity: str, value: float) -> str:
    """A value as DAWNBench shows it: days, h:mm:ss; USD; milliseconds; USD for 10,000 items."""
    if quantity == "train_time":
        return str(dt.timedelta(seconds=round(value)))
    if quantity == "latency":
        return f"{value:,.4g} ms"
    return f"${value:,.2f}" if quantity == "train_cost" else f"${10_000 * value:,.4f} for 10,000"


def dawnbench(
    folder: str | os.PathLike[str],
    *,
    cutoff: dt.date | str | None = None,
    strict: bool = False,
    thresholds: Mapping[str, float] | None = None,
) -> Leaderboards:
    """Read DAWNBench entries, and rank those that reach the threshold of their task.

    The time of an entry is that of its first evaluation that does; its cost is that time at its `costPerHour`, which is the price of all
    machines together.

    Arguments:
        folder: It has TASK/train and TASK/inference.
        cutoff: The last day whose entries count, by their timestamp: a date, or text such as "2018-04-20". Entries without one do not count.
        strict: Whether a threshold has to be passed; else it is enough to meet it.
        thresholds: Other thresholds than those of DAWNBench, by task. A task that is none of DAWNBench's is read if it is here.

    Raises:
        FileError: There is no such folder, or no entry in it.
        OptionError: The cutoff is no date, or the folder has no task of a threshold.
    """
    root, last = Path(folder), _date(cutoff)
    if not root.is_dir():
        raise FileError(f"there is no folder {root}", next="tacit bench dawnbench FOLDER")
    places = {path.name: path for path in sorted(root.iterdir()) if (path / "train").is_dir() or (path / "inference").is_dir()}
    if not places:
        raise FileError(
            f"{root} has no DAWNBench entries",
            right="they are files such as ImageNet/train/NAME.json",
            next="tacit bench dawnbench FOLDER",
        )
    for task, least in (thresholds or {}).items():
        if not math.isfinite(least):
            raise OptionError(f"the threshold of {task} is {least}, which is no score", next=f"--threshold {task}=0.9")
        if task not in places:
            raise OptionError(f"{root} has no task {task}", right=f"it has {', '.join(places)}", next="--threshold TASK=VALUE")
    problems: list[Problem] = []
    boards = []
    for task, place in places.items():
        target = _target(task, thresholds or {})
        if target is None:
            problems.append(Problem(task, "it is none of DAWNBench's tasks", f"--threshold {task}=VALUE"))
            continue
        entries = []
        for entry in read_entries(place, task, target):
            if last is None or entry.date is None or entry.date <= last:
                problems += entry.problems
            if last is None or (entry.date is not None and entry.date <= last):
                entries.append(entry)
        boards.append(Leaderboard(task, target, len(entries), _places(entries, target, strict=strict)))
    return Leaderboards(tuple(boards), last, strict, tuple(problems))


def _date(cutoff: dt.date | str | None) -> dt.date | None:
    if isinstance(cutoff, dt.datetime):
        return cutoff.date()
    if cutoff is None or isinstance(cutoff, dt.date):
        return cutoff
    try:
        return dt.datetime.strptime(cutoff, "%Y-%m-%d").date()
    except ValueError:
        raise OptionError(
            f'the cutoff is "{cutoff}", which is no date', right="2018-04-20 is one", next="--cutoff 2018-04-20"
        ) from None


def _target(task: str, thresholds: Mapping[str, float]) -> Target | None:
    known = TASKS.get(task)
    if task not in thresholds:
        return known
    return replace(known, least=thresholds[task]) if known else Target(None, thresholds[task], None)


def _places(entries: list[Entry], target: Target, *, strict: bool) -> dict[str, tuple[Place, ...]]:
    found: dict[str, list[Place]] = {quantity: [] for quantity in QUANTITIES}
    for entry in entries:
        seconds = entry.track.time_to(target.least, strict=strict) if entry.track else None
        if seconds is not None and entry.track:
            exact = entry.track.time_to(target.least, strict=True) != seconds
            found["train_time"].append(Place(seconds, entry.file, entry.seed, exact))
            if entry.price is not None:
                found["train_cost"].append(Place(cost(seconds, entry.price), entry.file, entry.seed, exact))
        if entry.score is not None and (entry.score > target.least or (entry.score == target.least and not strict)):
            if entry.latency is not None:
                found["latency"].append(Place(entry.latency, entry.file, entry.seed))
            if entry.cost is not None:
                found["inference_cost"].append(Place(entry.cost, entry.file, entry.seed))
    return {quantity: tuple(sorted(places)) for quantity, places in found.items()}
