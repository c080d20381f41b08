"""One MLPerf log: when its run began and ended, whether it converged, and what is wrong with it."""

from __future__ import annotations

import gzip
import io
import math
import zlib
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tacit.published.compliance import KEYS, breaches
from tacit.published.lines import Broken, Event, events
from tacit.published.problems import Problem

__all__ = ["Evaluation", "Log", "is_log", "read_log"]

_LONGEST_LINE = 1 << 20
_LARGEST = 1 << 31
_EVENTS = 1_000_000
_RANKS = 60.0  # seconds: workers that tell of the same start or stop lie closer together
_WANTED = KEYS | {"eval_target", "eval_result"}
_NAMES = {"mask": "maskrcnn"}
_REACHED = {"success": True, "true": True, "abort": False, "aborted": False, "failure": False, "false": False}


@dataclass(frozen=True)
class Evaluation:
    """One evaluation.

    Attributes:
        seconds: Since the start of the run.
        epoch: Its number as the log counts, or None.
        scores: One, or several where the benchmark has several targets, such as box and mask.
    """

    seconds: float
    epoch: float | None
    scores: tuple[float, ...]


@dataclass(frozen=True)
class Log:
    """One run, as its log tells it.

    Attributes:
        file: The name of the file.
        suite: "v0.5", "v0.6", "v0.7+", or None where the format is unknown.
        benchmark: Its name, "maskrcnn" for "mask"; None where the log does not say.
        start: When the run began, seconds since 1970, or None.
        seconds: From start to stop; of minigo until the checkpoint that passed was made. None where that cannot be told.
        converged: Whether the run reached its target.
        whole: Whether the log tells how the run ended; if not, no score can be made with it.
        evaluations: In the order of time.
        problems: What is wrong; what keeps the log from being scored comes first.
    """

    file: str
    suite: str | None
    benchmark: str | None
    start: float | None
    seconds: float | None
    converged: bool
    whole: bool
    evaluations: tuple[Evaluation, ...]
    problems: tuple[Problem, ...]


Told = Mapping[str, Sequence[Event]]
"""The events of each key, by time."""


class _Unreadable(Exception):
    """A reason and a fix."""


def read_log(path: Path, name: str) -> Log:
    """Read a log, plain or gzipped, line by line.

    Arguments:
        path: The file.
        name: What it is called in problems.
    """
    seen: dict[str, dict[Hashable, Event]] = {}
    suites: dict[str, str | None] = {}  # with a benchmark of each that names it in every line
    broken: list[int] = []
    wide, kept, cut = False, 0, False
    try:
        for number, line in _lines(path):
            if b"\0" in line:
                wide, line = True, line.replace(b"\0", b"")
            if b":::ML" not in line:
                continue
            for said in events(line):
                cut = isinstance(said, Broken) or (_may_lack_its_end(said) and not line.endswith(b"\n"))
                if isinstance(said, Broken) or cut:
                    broken.append(number)
                    continue
                suites.setdefault(said.suite, said.benchmark)
                if said.key in _WANTED:
                    kept += 1
                    seen.setdefault(said.key, {}).setdefault(_same(said), said)
            if kept + len(broken) > _EVENTS:
                raise _Unreadable(f"it has more than {_EVENTS:,} lines of MLPerf's", "let one worker write the log")
    except (_Unreadable, OSError, EOFError, zlib.error) as error:
        reason, fix = error.args if isinstance(error, _Unreadable) else ("it is cut in the middle, or damaged", "fetch it again")
        return Log(name, None, None, None, None, False, False, (), (Problem(name, reason, fix),))
    notes = [("part of it is UTF-16", "write the log in one encoding, UTF-8")] if wide else []
    if broken:
        reason = f"{len(broken)} of its lines cannot be read, the first is line {broken[0]}"
        notes.append((reason, "let one worker write the log"))
    told = {key: sorted(alike.values(), key=lambda said: said.time) for key, alike in seen.items()}
    return _judged(name, told, suites, notes, cut=cut)


def _may_lack_its_end(said: Event) -> bool:
    """Whether a line may have lost its value: those of v0.5 need none."""
    return said.suite == "v0.5" and said.value is None and not said.metadata


def _same(said: Event) -> Hashable:
    """What lines share that tell of one event: a second logger repeats them all."""
    of = (said.metadata.get(name) for name in ("epoch_num", "first_epoch_num", "status"))
    return said.time, repr(said.value), *map(repr, of)


def is_log(path: Path) -> bool:
    """Whether a file has a line of MLPerf's."""
    try:
        return any(isinstance(said, Event) for _, line in _lines(path) for said in events(line))
    except (_Unreadable, OSError, EOFError, zlib.error):
        return False


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        file: io.BufferedIOBase = gzip.GzipFile(fileobj=raw) if packed else raw
        number, size, start = 1, 0, True
        while line := file.readline(_LONGEST_LINE):
            size += len(line)
            if size > _LARGEST:
                raise _Unreadable(f"it is larger than {_LARGEST >> 30} GB", "keep the lines with ':::ML' of it")
            if start:  # what is beyond the longest line is no line of its own
                yield number, line
            start = line.endswith(b"\n")
            number += start


def _judged(name: str, told: Told, suites: Mapping[str, str | None], notes: Sequence[tuple[str, str]], *, cut: bool) -> Log:
    """What all the events of a log come to."""
    suite = max(suites, default=None)
    benchmark = _benchmark(told, suites)
    start = min((said.time for said in told.get("run_start", ()) if said.time > 0), default=None)
    evaluations = _evaluations(told.get("eval_accuracy", ()), start or 0.0)
    try:
        if suite is None:
            raise _Unreadable("no line of it is of MLPerf's", "log with mlperf_logging: lines with :::MLLOG")
        if len(suites) > 1:
            raise _Unreadable(f"it mixes the formats of {' and '.join(sorted(suites))}", "split it, one run a file")
        if start is None:
            raise _Unreadable("it has no run_start with a time", "fetch it again from its start")
        seconds = _seconds(told, start, benchmark, cut=cut)
    except _Unreadable as error:
        problems = [Problem(name, *error.args), *(Problem(name, *note) for note in notes)]
        return Log(name, suite, benchmark, start, None, False, False, evaluations, tuple(problems))
    converged, doubts = (True, []) if "run_stop" not in told else _converged(told, evaluations)
    more = [] if suite == "v0.5" else breaches(told, suite, minigo=benchmark == "minigo")
    problems = [Problem(name, *note) for note in [*doubts, *notes, *more]]
    return Log(name, suite, benchmark, start, seconds, converged, True, evaluations, tuple(problems))


def _benchmark(told: Told, suites: Mapping[str, str | None]) -> str | None:
    named = [str(said.value)[:60] for said in told.get("submission_benchmark", ()) if said.value]
    named += [benchmark[:60] for benchmark in suites.values() if benchmark]
    return _NAMES.get(named[0], named[0]) if named else None


def _seconds(told: Told, start: float, benchmark: str | None, *, cut: bool) -> float:
    """How long the run took.

    Raises:
        _Unreadable: Where that cannot be told.
    """
    stops = told.get("run_stop", ())
    starts = [said.time for said in told["run_start"] if said.time > 0]
    if benchmark == "minigo" and "eval_result" in told:
        return _passed(told["eval_result"], start)
    if not stops:
        reason = "it is cut in the middle of a line" if cut else "it has no run_stop: it is cut, or the run was killed"
        raise _Unreadable(reason, "fetch it again; a run that failed logs run_stop with the status aborted")
    if len(starts) > 1 and starts[-1] > min(said.time for said in stops):
        raise _Unreadable(f"it holds {len(starts)} runs", "split it, one run a file")
    apart = max(starts[-1] - starts[0], stops[-1].time - stops[0].time)
    if apart > _RANKS:
        raise _Unreadable(f"it tells of run_start or run_stop twice, {apart:,.0f} s apart", "split it, one run a file")
    seconds = stops[-1].time - start
    if seconds <= 0:
        raise _Unreadable("its run_stop is before its run_start", "log both by the same clock")
    return seconds


def _passed(results: Sequence[Event], start: float) -> float:
    """Seconds until the checkpoint of minigo that later passed was made: all others are evaluated when the run has ended."""
    for said in results:
        made = said.metadata.get("timestamp")
        if isinstance(made, int | float) and 0 < made <= said.time - start:
            return float(made)
    raise _Unreadable("its eval_result has no timestamp, in seconds since run_start", "log metadata.timestamp")


def _evaluations(said: Sequence[Event], start: float) -> tuple[Evaluation, ...]:
    found = []
    for one in said:
        epoch = one.metadata.get("epoch_num", one.metadata.get("epoch"))
        scores = _numbers(one.value)
        if scores:
            found.append(Evaluation(one.time - start, epoch if isinstance(epoch, int | float) else None, scores))
    return tuple(found)


def _numbers(value: Any) -> tuple[float, ...]:
    """The scores in a number, text, list or dict: 0.75, "25.3", [0.38, 0.34], {"BBOX": 0.38, "SEGM": 0.34}."""
    if isinstance(value, dict):
        return tuple(number for inner in value.values() for number in _numbers(inner))
    if isinstance(value, list | tuple):
        return tuple(number for inner in value for number in _numbers(inner))
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return ()
    return () if isinstance(value, bool) or not math.isfinite(number) else (number,)


def _converged(told: Told, evaluations: Sequence[Evaluation]) -> tuple[bool, list[tuple[str, str]]]:
    """Whether the run reached its target, by what its run_stop says and, where the log states a target, by its scores."""
    statuses = {_REACHED.get(str(_status(said)).lower()) for said in told["run_stop"]}
    targets = {_numbers(said.value) for said in told.get("eval_target", ())} - {()}
    best = max((e.scores for e in evaluations), default=())
    fix = "leave it as it is: a failed run counts as the slowest"
    if False in statuses:
        return False, [(f"the run did not converge: run_stop says so; its best score is {_said(best)}", fix)]
    if len(targets) == 1 and best:
        target = targets.pop()
        reached = any(_reaches(e.scores, target) for e in evaluations)
        if not reached and len(best) == len(target) and (max(best) > 1) == (max(target) > 1):
            return False, [(f"the run did not reach {_said(target)}; its best score is {_said(best)}", fix)]
        return True, []
    if True in statuses or told["run_stop"][0].suite == "v0.5":
        return True, []
    return True, [("its run_stop has no status; it is taken for a success", 'log metadata.status: "success" or "aborted"')]


def _status(said: Event) -> Any:
    return said.metadata.get("status", said.metadata.get("success"))


def _reaches(scores: Sequence[float], target: Sequence[float]) -> bool:
    return len(scores) == len(target) and all(score >= least for score, least in zip(scores, target, strict=True))


def _said(scores: Sequence[float]) -> str:
    return " and ".join(f"{score:g}" for score in scores) or "unknown"
