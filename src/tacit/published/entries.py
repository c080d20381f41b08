"""DAWNBench entries: a JSON file, and for training a TSV file with the same stem, below TASK/train and TASK/inference.

Source of the format: README and checks of stanford-futuredata/dawn-bench-entries. Who entered is read, and not kept.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tacit.errors import quote
from tacit.published.problems import Problem
from tacit.published.tracks import Track, read_track

__all__ = ["TASKS", "Entry", "Target", "read_entries"]

_LARGEST = 10_000_000
_LEAST, _MOST = 1e-12, 1e12  # what is beyond is no price and no time
_SEED = ("Stanford DAWN", 2017)
_REQUIRED = ("version", "author", "authorEmail", "framework", "model", "hardware", "timestamp")


@dataclass(frozen=True)
class Target:
    """What an entry of a task has to reach.

    Attributes:
        metric: The name of its column or field; None takes the only one there is.
        least: The threshold.
        most: The largest value that the metric can have: 100 for percent, 1 for a fraction, None where that is not known.
    """

    metric: str | None
    least: float
    most: float | None


TASKS: Mapping[str, Target] = {
    "CIFAR10": Target("top1Accuracy", 94.0, 100.0),
    "ImageNet": Target("top5Accuracy", 93.0, 100.0),
    "SQuAD": Target("f1Score", 0.75, 1.0),  # the README says 0.73; the checker and the published tables use 0.75
}
"""The tasks of DAWNBench."""


@dataclass(frozen=True)
class Entry:
    """One entry.

    Attributes:
        file: The name of the file that its figures are from: NAME.tsv of training, NAME.json of inference.
        date: Its timestamp; None where it has none that can be read.
        seed: Whether it is one of those that Stanford DAWN opened the competition with, in 2017.
        track: The curve of a training; None of inference, or where it cannot be used.
        price: USD an hour of everything that was used, or None.
        score: The metric of an inference, or None.
        latency: Milliseconds per item, or None.
        cost: USD per item, or None.
        problems: What is wrong with its files.
    """

    file: str
    date: dt.date | None
    seed: bool
    problems: tuple[Problem, ...]
    track: Track | None = None
    price: float | None = None
    score: float | None = None
    latency: float | None = None
    cost: float | None = None


def read_entries(folder: Path, task: str, target: Target) -> Iterator[Entry]:
    """The entries of a task, also those that cannot be read, with what is wrong with them.

    Arguments:
        folder: That which has `train` and `inference`.
        task: Its name, for problems.
        target: What is looked for.
    """
    for kind, read in (("train", _training), ("inference", _inference)):
        place = folder / kind
        for path in sorted(place.glob("*.json")):
            reader = _Reader(f"{task}/{kind}/{path.name}", [])
            fields = reader.fields(path)
            yield Entry(path.name, None, False, tuple(reader.problems)) if fields is None else read(path, fields, target, reader)
        for path in sorted(place.glob("*.tsv")):
            if kind == "train" and not path.with_suffix(".json").is_file():
                fix = f"add {path.stem}.json: both belong together"
                yield Entry(path.name, None, False, (Problem(f"{task}/{kind}/{path.name}", "it has no JSON file", fix),))


def _text(path: Path) -> tuple[str, str | None]:
    """The text of a small file and, where it is not in UTF-8, what is wrong.

    Raises:
        ValueError: It is too large.
    """
    if path.stat().st_size > _LARGEST:
        raise ValueError(f"it is larger than {_LARGEST // 1_000_000} MB")
    raw = path.read_bytes()
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace"), "it is UTF-16"
    try:
        return raw.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        return raw.decode("utf-8-sig", errors="replace"), f"it is not UTF-8, at byte {error.start}"


@dataclass(frozen=True)
class _Reader:
    """Reads the fields of one file, and notes what is wrong with them."""

    name: str
    problems: list[Problem]

    def wrong(self, reason: str, fix: str) -> None:
        self.problems.append(Problem(self.name, reason, fix))

    def fields(self, path: Path) -> dict[str, Any] | None:
        try:
            text, odd = _text(path)
            fields = json.loads(text)
        except (OSError, ValueError, RecursionError) as error:
            where = f", at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
            self.wrong(f"it cannot be read as JSON{where}", "write one JSON object, in UTF-8")
            return None
        if not isinstance(fields, dict):
            self.wrong("it is no JSON object", "write one JSON object, in UTF-8")
            return None
        if odd:
            self.wrong(odd, "save it as UTF-8")
        missing = [name for name in _REQUIRED if not isinstance(fields.get(name), str)]
        if missing:
            self.wrong(f"it has no {', '.join(missing)}", "add what is missing, as text")
        if fields.get("version", "v1.0") != "v1.0":
            self.wrong("its version is not v1.0", 'write "version": "v1.0"')
        return fields

    def date(self, fields: Mapping[str, Any]) -> dt.date | None:
        try:
            return dt.datetime.strptime(fields["timestamp"].strip(), "%Y-%m-%d").date()
        except (KeyError, AttributeError):
            return None  # noted as missing
        except ValueError:
            self.wrong(f"its timestamp is {quote(fields['timestamp'])}", 'write a date such as "2018-04-20"')
            return None

    def amount(self, fields: Mapping[str, Any], name: str, without: str) -> float | None:
        """A positive number, or None; what is missing is noted as well, since the entry is then without something."""
        value = fields.get(name)
        if value is None:
            self.wrong(f"it has no {name}, so it has no {without}", f"add {name}, if there is one")
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not _LEAST <= value <= _MOST:
            self.wrong(f"its {name} is no number above 0, so it has no {without}", f"write {name} as a number")
            return None
        return float(value)


def _training(path: Path, fields: Mapping[str, Any], target: Target, reader: _Reader) -> Entry:
    table = path.with_suffix(".tsv")
    date = reader.date(fields)
    price = reader.amount(fields, "costPerHour", "cost")
    track = None
    if not table.is_file():
        reader.wrong("it has no TSV file", f"add {table.name}: both belong together")
    else:
        track = _track(table, target, _Reader(reader.name.removesuffix(path.name) + table.name, reader.problems))
    return Entry(table.name, date, _is_seed(fields, date), tuple(reader.problems), track=track, price=price)


def _track(path: Path, target: Target, reader: _Reader) -> Track | None:
    try:
        text, odd = _text(path)
    except (OSError, ValueError) as error:
        reader.wrong(str(error) if isinstance(error, ValueError) else "it cannot be read", "replace it")
        return None
    track, notes = read_track(text, target.metric, target.most)
    for reason, fix in ([(odd, "save it as UTF-8")] if odd else []) + notes:
        reader.wrong(reason, fix)
    seconds = track.time_to(target.least) if track else None
    if track and seconds is None:
        reader.wrong(f"it does not reach {target.least:g}; its best is {track.best:g}", "train on")
    if seconds is not None and seconds < _LEAST:
        reader.wrong("it takes no time", "write hours since the start")
        return None
    return track


def _inference(path: Path, fields: Mapping[str, Any], target: Target, reader: _Reader) -> Entry:
    date = reader.date(fields)
    latency, cost = reader.amount(fields, "latency", "latency"), reader.amount(fields, "cost", "cost of inference")
    score = fields.get(target.metric) if target.metric else None
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= _MOST:
        reader.wrong(f"it has no {target.metric or 'metric'}, so it is in no list", "add it, as a number")
        score = None
    elif target.most == 1 and score > 1:
        reader.wrong(f"its {target.metric} is {score:g}, in percent", f"write a fraction: {score / 100:.6g}")
        score = score / 100 if score <= 100 else None
    elif target.most is not None and score > target.most:
        reader.wrong(f"its {target.metric} is {score:g}, above {target.most:g}", "write it in percent")
        score = None
    elif score < target.least:
        unit = ": percent is meant" if target.most == 100 and 0 < score <= 1 else ""
        reader.wrong(
            f"its {target.metric} is {score:g}, below {target.least:g}{unit}",
            "leave it out" if not unit else f"write {100 * score:g}",
        )
    return Entry(path.name, date, _is_seed(fields, date), tuple(reader.problems), score=score, latency=latency, cost=cost)


def _is_seed(fields: Mapping[str, Any], date: dt.date | None) -> bool:
    author, year = _SEED
    return str(fields.get("author", "")).strip() == author and date is not None and date.year == year
