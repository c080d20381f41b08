"""What runs come to: for each arm the time, cost and labels to the target, with spread, and how good and how quick the models are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from statistics import fmean
from typing import Any

from tacit.benchmarking.latencies import cost_per_million
from tacit.benchmarking.others import crowded
from tacit.benchmarking.policies import PHASES, POLICIES, check_policy, counted
from tacit.benchmarking.records import Record
from tacit.benchmarking.thresholds import Nearby, nearby, reached_on_the_mean
from tacit.stability import Reaching, Spread, cost, spread
from tacit.tables import number, seconds, table

__all__ = ["Benchmark", "Standing", "standing"]


@dataclass(frozen=True)
class Standing:
    """What the runs of one arm come to. Interrupted runs are left out of all figures but their number; failed ones did not converge.

    Attributes:
        name: Benchmark and arm.
        target, metric: Of the first run.
        interrupted, failed: How many runs were.
        spread: Of the seconds that count, to the target.
        usd: To the target, on the mean of the runs that reached it; None where there is no price.
        labels: The fewest rows that reached the target, on the mean.
        own, fresh: Mean score of the last models, on rows that training kept apart and on test rows.
        phases: Mean seconds of each phase of the runs that ended.
        latency: Mean milliseconds of one answer: "p50", "p90", "p99" and "mean", "whole" and of the "model" alone.
        usd_per_million: For a million answers one after the other, whole.
        joules: On the mean of the runs of which they are known.
        others: The largest share of the machine that other processes used.
        reaching: Whether the mean score of the last models, on test rows where there are some, reaches the target.
        nearby: The time to targets a little elsewhere.
    """

    name: str
    target: float | None
    metric: str
    interrupted: int
    failed: int
    spread: Spread
    usd: float | None
    labels: float | None
    own: float | None
    fresh: float | None
    phases: dict[str, float]
    latency: dict[str, dict[str, float]] | None
    usd_per_million: float | None
    joules: float | None
    others: float | None
    reaching: Reaching | None
    nearby: tuple[Nearby, ...]

    @property
    def crowded(self) -> bool:
        """Whether others used so much of the machine that its seconds are not to be trusted."""
        return crowded(self.others)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def standing(records: Sequence[Record], policy: str) -> Standing:
    """What some runs of one arm come to, at least one, if a policy says which phases count."""
    whole = [r for r in records if r.status not in ("interrupt", "interrupted")]
    reached = {r.id: r.seconds_to(r.target, policy) if r.target is not None else None for r in whole}
    times = {r.id: t for r in whole if (t := reached[r.id]) is not None}
    # What failed may have no phases; then the clock stands for them.
    given_up = [counted(r.phases, policy) or r.seconds for r in whole if r.id not in times]
    ended = [r for r in whole if r.status != "failed"]
    asked = [r.latency for r in ended if r.latency is not None]
    latency = {
        part: {name: fmean(one[part][name] for one in asked) for name in ("p50", "p90", "p99", "mean")}
        for part in (("whole", "model") if asked else ())
    }
    prices = [float(r.price["usd_per_hour"]) for r in ended if r.price is not None]
    first = records[0]
    return Standing(
        name=first.name,
        target=first.target,
        metric=first.metric,
        interrupted=len(records) - len(whole),
        failed=len(whole) - len(ended),
        spread=spread(list(times.values()), given_up),
        usd=_mean([cost(times[r.id], r.price["usd_per_hour"]) for r in whole if r.id in times and r.price is not None]),
        labels=_mean([r.labels for r in whole if r.id in times]),
        own=_mean([r.score for r in ended]),
        fresh=_mean([r.fresh for r in ended]),
        phases={name: fmean(r.phases.get(name, 0.0) for r in ended) for name in PHASES} if ended else {},
        latency=latency or None,
        usd_per_million=cost_per_million(latency["whole"]["mean"], fmean(prices)) if latency and prices else None,
        joules=_mean([(r.energy or {}).get("joules") for r in ended]),
        others=max((r.others for r in ended if r.others is not None), default=None),
        reaching=reached_on_the_mean(ended),
        nearby=nearby(whole, policy) if whole else (),
    )


@dataclass(frozen=True)
class Benchmark:
    """Runs, arm by arm.

    Attributes:
        records: In the order of the ledger, at least one.
        policy: Which phases count: one of `POLICIES`.
        odd: What is odd about the ledger.
    """

    records: tuple[Record, ...]
    policy: str = "all"
    odd: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_policy(self.policy)

    @property
    def arms(self) -> dict[str, list[Record]]:
        """Benchmark and arm -> its runs; where an arm had several targets, each is one by itself: "tone/fast to 0.9"."""
        goals: dict[str, set[tuple[str, float | None]]] = {}
        for record in self.records:
            goals.setdefault(record.name, set()).add((record.metric, record.target))
        found: dict[str, list[Record]] = {}
        for record in self.records:
            told = record.name if len(goals[record.name]) == 1 else f"{record.name} to {record.metric} {record.target}"
            found.setdefault(told, []).append(record)
        return found

    @property
    def standings(self) -> list[Standing]:
        """What each arm comes to; the soonest at its target first, those that never reached one last."""
        found = [replace(standing(records, self.policy), name=name) for name, records in self.arms.items()]
        return sorted(found, key=lambda s: (s.spread.mean is None, s.spread.mean or 0.0))

    def __str__(self) -> str:
        found = self.standings
        first = self.records[0]
        of_one = len({r.benchmark for r in self.records}) == 1
        names = {s.name: s.name.removeprefix(f"{first.benchmark}/") if of_one else s.name for s in found}
        goal = {(s.metric, s.target) for s in found}
        to = f"{first.metric} {number(first.target)}" if len(goal) == 1 else "the target of each"
        counts = ", ".join(p for p in PHASES if p in POLICIES[self.policy])
        shown = ["time", "CV", "95 %", "with restarts", "USD", "labels", first.metric, "fresh", "p50, p99 ms", "USD/million"]
        blocks = [
            table(
                ["arm", "reached", *_there(shown, [_figures(s) for s in found])],
                [[names[s.name], f"{s.spread.converged} of {s.spread.n}", *_cells(shown, found, s)] for s in found],
                title=f"{f'{first.benchmark} ' if of_one else ''}to {to}; counted: {counts}",
                right=["reached", *shown],
            ),
            table(
                ["mean seconds", *PHASES],
                [[names[s.name], *(number(s.phases.get(name), 2) for name in PHASES)] for s in found],
                right=PHASES,
            ),
        ]
        notes = [note for s in found for note in _notes(s)] + [f"note: {said}" for said in self.odd]
        reasons = dict.fromkeys(f"{r.id} failed: {r.reason}" for r in self.records if r.status == "failed")
        return "\n\n".join([*blocks, *(["\n".join([*notes, *reasons])] if notes or reasons else [])])

    def to_dict(self) -> dict[str, Any]:
        return {
            "policy": self.policy,
            "standings": [s.to_dict() for s in self.standings],
            "runs": [r.to_dict() for r in self.records],
            "odd": list(self.odd),
        }


def _figures(s: Standing) -> list[str | None]:
    took, whole = s.spread, (s.latency or {}).get("whole")
    return [
        _said(took.mean, seconds),
        _said(took.cv, "{:.1%}".format),
        _said(took.interval, _between),
        _said(took.expected, seconds) if took.converged < took.n else None,
        _said(s.usd, "${:.5f}".format),
        _said(s.labels, "{:,.0f}".format),
        number(s.own),
        number(s.fresh),
        _said(whole, lambda spell: f"{spell['p50']:.2f}, {spell['p99']:.2f}"),
        _said(s.usd_per_million, "${:.3f}".format),
    ]


def _between(around: tuple[float, float]) -> str:
    low, high = map(seconds, around)
    number, _, unit = low.rpartition(" ")
    return f"{number if high.endswith(f' {unit}') and ' ' not in number else low} to {high}"


def _there(columns: Sequence[str], rows: Sequence[Sequence[str | None]]) -> list[str]:
    """The columns that say something of somebody."""
    return [column for i, column in enumerate(columns) if any(row[i] is not None for row in rows)]


def _cells(columns: Sequence[str], all: Sequence[Standing], one: Standing) -> list[str | None]:
    kept = _there(columns, [_figures(s) for s in all])
    return [cell for column, cell in zip(columns, _figures(one), strict=True) if column in kept]


def _notes(s: Standing) -> list[str]:
    found = []
    if s.spread.share_interval is not None and s.spread.converged < s.spread.n:
        low, high = s.spread.share_interval
        found.append(f"note: {s.name} reached it in {s.spread.share:.0%} of its runs (95 %: {low:.0%} to {high:.0%})")
    if s.reaching is not None and s.reaching.p is not None:
        told = "reaches" if s.reaching.reached else "is not shown to reach"
        found.append(
            f"note: the mean score of {s.name} on {'test' if s.fresh is not None else 'its own evaluation'} rows, {s.reaching.mean:.4f}, {told} the "
            f"target (one-sided t-test, p = {s.reaching.p:.2g}, n = {s.reaching.n})"
        )
    if s.interrupted:
        found.append(f"note: {s.interrupted} interrupted run{'s' * (s.interrupted > 1)} of {s.name} left out")
    if s.crowded:
        found.append(
            f"note: up to {s.others:.0%} of the machine did other work during runs of {s.name}: its seconds are not to be trusted"
        )
    if s.spread.converged and s.spread.converged < 3:
        found.append(f"note: n = {s.spread.converged} says nothing of the spread of {s.name}")
    return found


def _mean(values: Sequence[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return fmean(known) if known else None


def _said(value: Any, as_text: Callable[[Any], str]) -> str | None:
    return None if value is None else as_text(value)
