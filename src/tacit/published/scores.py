"""MLPerf results: the runs of one system on one benchmark, and their score."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tacit.errors import FileError
from tacit.published.logs import Log, is_log, read_log
from tacit.published.problems import Problem, told
from tacit.stability import olympic, spread
from tacit.tables import number, table

__all__ = ["Result", "Results", "mlperf"]

_LOG = re.compile(r"(.*?)(\d*)\.(?:txt|log|out)(?:\.gz)?", re.IGNORECASE)
_NCF = 50
"""How many runs count of NCF in v0.5: the first 50 that converge (MLPerf Training rules v0.5)."""

_RUNS = {"resnet": 5, "ssd": 5, "maskrcnn": 5, "gnmt": 10, "transformer": 10, "minigo": 10}
"""How many runs the rules of v0.6 ask for. Later rules ask for others, so fewer are no more than a note."""


@dataclass(frozen=True)
class Result:
    """The runs of one folder.

    Attributes:
        folder: Its path below the folder that was read, with forward slashes; "." is that folder itself.
        benchmark, suite: Of its logs; None where they do not say, or differ.
        runs: By the number in the name of the file.
        score_minutes: The mean without the fastest and the slowest run; None where that is not valid, and the first problem says why.
        cv: Standard deviation over mean of the runs that converged; None for fewer than two.
        problems: Those that keep it from having a score come first.
    """

    folder: str
    benchmark: str | None
    suite: str | None
    runs: tuple[Log, ...]
    score_minutes: float | None
    cv: float | None
    problems: tuple[Problem, ...]

    @property
    def converged(self) -> int:
        """How many runs did."""
        return sum(run.converged for run in self.runs)

    @property
    def minutes(self) -> list[float | None]:
        """Of each run, None where it did not converge."""
        return [run.seconds / 60 if run.converged and run.seconds is not None else None for run in self.runs]

    def to_dict(self) -> dict[str, Any]:
        return {
            "folder": self.folder,
            "benchmark": self.benchmark,
            "suite": self.suite,
            "n_runs": len(self.runs),
            "converged": self.converged,
            "minutes": self.minutes,
            "score_minutes": self.score_minutes,
            "cv": self.cv,
            "first_problem": str(self.problems[0]) if self.problems else None,
        }


@dataclass(frozen=True)
class Results:
    """What the logs below a folder come to.

    Attributes:
        results: By folder.
    """

    results: tuple[Result, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Of all results."""
        return tuple(problem for result in self.results for problem in result.problems)

    def __str__(self) -> str:
        rows = [
            [
                r.folder,
                r.benchmark,
                r.suite,
                f"{r.converged} of {len(r.runs)}",
                _span(r),
                number(r.cv and 100 * r.cv, 1),
                number(r.score_minutes, 4),
            ]
            for r in self.results
        ]
        columns = ["folder", "benchmark", "suite", "converged", "minutes", "CV %", "score"]
        title = "The score is the mean of the minutes without the fastest and the slowest run; - is no valid score."
        grid = table(columns, rows, title=title, right=["converged", "minutes", "CV %", "score"])
        return "\n\n".join(filter(None, [grid, "\n".join(told(self.problems))]))

    def to_dict(self) -> dict[str, Any]:
        return {"results": [r.to_dict() for r in self.results], "problems": [p.to_dict() for p in self.problems]}


def _span(result: Result) -> str | None:
    known = [m for m in result.minutes if m is not None]
    return f"{min(known):,.2f} to {max(known):,.2f}" if known else None


def mlperf(folder: str | os.PathLike[str]) -> Results:
    """Read the MLPerf Training logs below a folder, of v0.5 and later: each folder with logs is one result.

    Logs are files `result_N.txt`; where a folder has none, files `*.txt`, `*.log` or `*.out` with a line of MLPerf's. All may be gzipped.

    Arguments:
        folder: A folder with logs, or with folders of them at any depth.

    Raises:
        FileError: There is no such folder, or no log in it.
    """
    root = Path(folder)
    if not root.is_dir():
        raise FileError(f"there is no folder {root}", next="tacit bench mlperf FOLDER")
    results = tuple(_result(root, inner, logs) for inner, logs in _folders(root))
    if not results:
        raise FileError(
            f"{root} has no MLPerf logs",
            right="they are files such as SYSTEM/BENCHMARK/result_0.txt",
            next="tacit bench mlperf FOLDER",
        )
    return Results(results)


def _folders(root: Path) -> Iterator[tuple[str, list[Path]]]:
    for place, inner, names in os.walk(root):
        inner.sort()
        matches = filter(None, map(_LOG.fullmatch, names))
        logs = [m.string for m in sorted(matches, key=_by_number) if Path(place, m.string).is_file()]
        named = [name for name in logs if name.lower().startswith("result_")]
        logs = named or [name for name in logs if is_log(Path(place, name))]
        if logs:
            yield Path(place).relative_to(root).as_posix(), [Path(place, name) for name in logs]


def _by_number(log: re.Match[str]) -> tuple[str, int, str]:
    return log[1], int(log[2][:18] or -1), log.string


def _result(root: Path, folder: str, paths: Sequence[Path]) -> Result:
    runs = tuple(read_log(path, path.relative_to(root).as_posix()) for path in paths)
    benchmarks, suites = {run.benchmark for run in runs} - {None}, {run.suite for run in runs} - {None}
    benchmark = benchmarks.pop() if len(benchmarks) == 1 else None
    suite = suites.pop() if len(suites) == 1 else None
    score, reasons = _score(folder, runs, benchmark, suite, mixed=len(benchmarks) > 1 or len(suites) > 1)
    asked = _RUNS.get(benchmark or "", 0) if suite == "v0.6" else 0
    if len(runs) < asked:
        reasons.append(Problem(folder, f"it has {len(runs)} runs; the rules ask for {asked}", "fetch the others"))
    reasons += _repeated(runs)
    noted = [problem for run in sorted(runs, key=lambda run: run.whole) for problem in run.problems]
    times = [run.seconds for run in runs if run.converged and run.seconds is not None]
    return Result(folder, benchmark, suite, runs, score, spread(times).cv, (*reasons, *(p for p in noted if p not in reasons)))


def _repeated(runs: Sequence[Log]) -> Iterator[Problem]:
    """Logs that began and took as long as one before: copies of it."""
    first: dict[tuple[float | None, float | None], str] = {}
    for run in runs:
        before = first.setdefault((run.start, run.seconds), run.file)
        if run.whole and before != run.file:
            yield Problem(run.file, f"it tells of the same run as {before}", "leave one of them out")


def _score(
    folder: str, runs: Sequence[Log], benchmark: str | None, suite: str | None, *, mixed: bool
) -> tuple[float | None, list[Problem]]:
    """The score in minutes, or why there is none."""
    if mixed:
        return None, [Problem(folder, "its logs are of several benchmarks or suites", "keep each in a folder of its own")]
    minutes = [run.seconds / 60 if run.converged and run.seconds is not None else math.inf for run in runs]
    ncf = benchmark == "ncf" and suite == "v0.5"  # of it, a run without an end is one that failed
    if unknown := [run.problems[0] for run in runs if not run.whole and (run.suite is None or not ncf)]:
        return None, unknown[:1]
    if ncf:
        minutes = [m for m in minutes if math.isfinite(m)][:_NCF]
        if len(minutes) < _NCF:
            return None, [Problem(folder, f"{len(minutes)} of its {len(runs)} runs converged; {_NCF} have to", "run more")]
    score = olympic(minutes)
    failed = sum(map(math.isinf, minutes))
    if score is None and failed > 1:
        return None, [Problem(folder, f"{failed} of its {len(runs)} runs did not converge; one may", "run it anew")]
    if score is None:
        return None, [
            Problem(folder, f"of {len(runs)} runs nothing is left without the fastest and the slowest", "run it 3 times or more")
        ]
    return score, []
