"""Runs drawn: score over time, cost against time, profiles over several benchmarks, and the history of records."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable

from tacit.benchmarking.records import Record
from tacit.benchmarking.results import Benchmark
from tacit.charts import Chart, Point, Series, chart
from tacit.drawing import svg
from tacit.errors import OptionError, nearest, quote
from tacit.metrics import higher_is_better
from tacit.stability import pareto, profiles

__all__ = ["DRAWINGS", "draw"]

_MOST = 4.0
"""Profiles are drawn up to so many times the best time, as AlgoPerf scores them."""

_UNITS = (("days", 86_400.0), ("hours", 3_600.0), ("minutes", 60.0))


def draw(found: Benchmark, kind: str) -> str:
    """One drawing as an SVG file. Raises `OptionError` where there is no such drawing, or nothing to draw.

    Arguments:
        found: The runs.
        kind: "curves", "frontier", "profile" or "history".
    """
    if kind not in DRAWINGS:
        raise OptionError(
            f"there is no drawing {quote(kind)}",
            right=f"it is {' or '.join(DRAWINGS)}",
            next=f"--kind {nearest(kind, DRAWINGS) or 'curves'}",
        )
    title, lay_out = DRAWINGS[kind]
    laid = lay_out(found)
    if laid is None:
        raise OptionError(
            f"there is nothing to draw as {kind}",
            right={
                "frontier": "runs have reached their target and have a price",
                "profile": "runs have reached their target",
            }.get(kind, "runs have a model"),
            next="tacit bench board",
        )
    return svg([laid], title)


def _curves(found: Benchmark) -> Chart | None:
    """Mean of the best score so far, from when each run had a model, with the least and the most."""
    metrics = sorted({r.metric for r in found.records})
    if len(metrics) > 1:
        raise OptionError(
            f"the runs have {' and '.join(metrics)}", right="curves of one metric are drawn together", next="name one benchmark"
        )
    series = []
    for name, records in found.arms.items():
        runs = [run for r in records if (run := _best(r, found.policy))]
        if not runs:
            continue
        start = max(run[0][0] for run in runs)
        at = sorted({t for run in runs for t, _ in run if t >= start} | {start})
        points = []
        for t in at:
            scores = [[score for s, score in run if s <= t][-1] for run in runs]
            points.append(Point(t, sum(scores) / len(scores), *((min(scores), max(scores)) if len(runs) > 1 else ())))
        series.append(Series(f"{name}, n = {len(runs)}", tuple(points), steps=True))
    return chart("Best score so far", "seconds", found.records[0].metric, series)


def _best(record: Record, policy: str) -> list[tuple[float, float]]:
    better = max if higher_is_better(record.metric) else min
    so_far: list[tuple[float, float]] = []
    for seconds, score in record.points(policy):
        so_far.append((seconds, better(score, so_far[-1][1]) if so_far else score))
    return so_far


def _frontier(found: Benchmark) -> Chart | None:
    """USD and seconds to the target of each arm; those that no other beats at both are said to be on the frontier."""
    known = [(s.name, s.usd, s.spread) for s in found.standings if s.usd is not None and s.spread.mean is not None]
    on = set(pareto([(usd, spread.mean or 0.0) for _, usd, spread in known]))
    times, unit = (1, "USD") if max((usd for _, usd, _ in known), default=1.0) >= 0.01 else (1000, "USD for 1,000 runs")
    series = [
        Series(
            f"{name}{', on the frontier' if i in on else ''}", (Point(usd * times, spread.mean or 0.0, *(spread.interval or ())),)
        )
        for i, (name, usd, spread) in enumerate(known)
    ]
    return chart("Cost against time to the target", unit, "seconds", series)


def _profile(found: Benchmark) -> Chart | None:
    """The share of benchmarks on which an arm needs at most so many times the least time of anybody."""
    times: dict[str, dict[str, float]] = {}
    for one in found.standings:
        benchmark, _, arm = one.name.partition("/")
        times.setdefault(arm, {})[benchmark] = one.spread.expected if one.spread.expected is not None else math.inf
    if all(math.isinf(t) for own in times.values() for t in own.values()):
        return None
    series = []
    for arm, profile in profiles(times).items():
        at = sorted({1.0, _MOST, *(r for r in profile.ratios.values() if r <= _MOST)})
        series.append(Series(f"{arm}, {profile.score(_MOST):.2f}", tuple(Point(tau, profile.rho(tau)) for tau in at), steps=True))
    return chart("Share of benchmarks done within", "times the best", "share", series)


def _history(found: Benchmark) -> Chart | None:
    """Seconds to the target by when the run was, and the record so far."""
    done = []
    for record in found.records:
        taken = None if record.target is None else record.seconds_to(record.target, found.policy)
        if taken is not None:
            done.append((dt.datetime.fromisoformat(record.at).timestamp(), record.name, taken))
    if not done:
        return None
    done.sort()
    first, last = done[0][0], done[-1][0]
    name, unit = next((u for u in _UNITS if last - first >= 2 * u[1]), _UNITS[-1])
    best, records = math.inf, []
    series: dict[str, list[Point]] = {}
    for at, arm, taken in done:
        series.setdefault(arm, []).append(Point((at - first) / unit, taken))
        if taken < best:
            best = taken
            records.append(Point((at - first) / unit, taken))
    records.append(Point((last - first) / unit, best))
    drawn = [Series("record", tuple(records), steps=True, faint=True)]
    return chart(
        "Seconds to the target",
        f"{name} since the first run",
        "seconds",
        [*drawn, *(Series(n, tuple(p)) for n, p in series.items())],
    )


DRAWINGS: dict[str, tuple[str, Callable[[Benchmark], Chart | None]]] = {
    "curves": ("Score over time", _curves),
    "frontier": ("Cost and time to the target", _frontier),
    "profile": ("Performance profile", _profile),
    "history": ("History", _history),
}
"""Kind of drawing -> its title, and how it is laid out."""
