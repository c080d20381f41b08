"""A metric by group: with its interval, its distance to the other rows, and whether that is more than chance and many looks give."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.audits.chance import LEVEL, Z, holm, labels_needed, mean_test, ranges, share_test
from tacit.audits.inputs import predictions, same_length
from tacit.audits.membership import Grouping
from tacit.errors import OptionError
from tacit.metrics import Metric, higher_is_better, measure, row_scores, wilson
from tacit.tables import number

__all__ = ["ByGroup", "Gap", "GroupScore", "by_group"]

_FEW = 10
_WIDE = 0.4
_CLOSE = 0.05

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class GroupScore:
    """How good predictions are for a group.

    Attributes:
        column: Of its grouping.
        name: Such as "sex is Male".
        n: Its rows, at least one.
        value: Its score.
        interval: Where it lies with a probability of 95 %.
        difference: Its score minus that of the other rows; None where there are none, or where too few rows tell.
        p: How often chance alone makes it differ as much; None where it is not tested.
        adjusted: The same for the most different of as many groups as were looked at.
        significant: Whether that is at most .05.
        worse: Whether the difference is for the worse.
        needed: Of groups that are too small: how many more labels would tell its score to ±.05. None of others.
        said: All that in a sentence.
    """

    column: str
    name: str
    n: int
    value: float
    interval: tuple[float, float]
    difference: float | None
    p: float | None
    adjusted: float | None = None
    significant: bool = False
    worse: bool = False
    needed: int | None = None
    said: str = ""

    @property
    def told(self) -> str:
        """By more than chance "worse" or "better" than the other rows; else "too few" where its score is hardly known, or ""."""
        if self.significant:
            return "worse" if self.worse else "better"
        return "" if self.needed is None else "too few"


@dataclass(frozen=True)
class Gap:
    """How far apart the groups of a column are that have 10 rows or more.

    Attributes:
        column: Of at least two such groups.
        best, worst: Names of groups.
        gap: Between their scores, 0 or more.
        chance: What the gap stays under, 95 times in 100, where groups differ by chance alone.
    """

    column: str
    best: str
    worst: str
    gap: float
    chance: float


@dataclass(frozen=True)
class ByGroup:
    """A metric by group.

    Attributes:
        n: How many rows.
        whole: The metric of all rows.
        groups: In the order of their groupings.
        gaps: One for each column with two groups or more.
        worst: Of the groups that are worse than the other rows by more than chance, the one with the worst score; None where no
            group is told from chance.
        notes: What was merged, cut, left out or not tested.
    """

    n: int
    whole: Metric
    groups: tuple[GroupScore, ...]
    gaps: tuple[Gap, ...]
    worst: GroupScore | None
    notes: tuple[str, ...]

    @property
    def ranked(self) -> list[GroupScore]:
        """Those told from chance to be worse, then to be better, then the others; each time the worst score first."""
        up = 1 if higher_is_better(self.whole.name) else -1
        return sorted(self.groups, key=lambda g: (not (g.significant and g.worse), not g.significant, up * g.value))


@dataclass(frozen=True)
class _Scored:
    """Figures of the groups of one grouping: (g,) each, NaN where not known."""

    value: Floats
    low: Floats
    high: Floats
    rest: Floats
    p: Floats


def by_group(metric: str, prediction: ArrayLike, truth: ArrayLike, groupings: Sequence[Grouping], *, seed: int = 0) -> ByGroup:
    """Measure predictions for each group.

    Intervals: Wilson's (1927) of accuracy, Student's (1908) of log_loss, brier and mae, else those of `tacit.metrics.measure`. Tests of a
    group against the rows that are not in it: Fisher's exact one of accuracy, else, with 10 rows or more on both sides, `mean_test`, which
    takes the standard errors of metrics that are no means of rows from their intervals, width / 3.92 (Altman and Bland 2011). All p are
    then corrected together for how many they are (Holm 1979).

    Arguments:
        metric: One of `tacit.metrics.names`.
        prediction: (n, k) probabilities, or (n,) numbers; at least one row.
        truth: (n,) classes or (n, k) probabilities; for numbers (n,).
        groupings: Of the same rows; see `crossings`.
        seed: Of what is drawn.

    Raises:
        OptionError: Lengths differ, values are missing, or the metric is not for such predictions.
    """
    said, true = predictions(prediction, truth)
    _fits(metric, said)
    for grouping in groupings:
        same_length(len(said), **{grouping.column: len(grouping.codes)})
    whole = measure(metric, said, true, seed=seed)
    each = row_scores(metric, said, true)
    groups: list[GroupScore] = []
    gaps: list[Gap] = []
    for grouping in groupings:
        scored = _measured(metric, said, true, grouping, seed) if each is None else _means(metric, each, grouping)
        gaps += _gap(metric, whole, len(said), grouping, scored, each, seed)
        groups += _scores(grouping, scored)
    adjusted = holm([math.nan if g.p is None else g.p for g in groups]).tolist()
    finished = tuple(_finished(g, a, metric, whole, len(said)) for g, a in zip(groups, adjusted, strict=True))
    sign = -1 if higher_is_better(metric) else 1
    worst = max((g for g in finished if g.significant and g.worse), key=lambda g: sign * g.value, default=None)
    return ByGroup(len(said), whole, finished, tuple(gaps), worst, tuple(_notes(groupings, finished, worst)))


def _fits(metric: str, said: NDArray[Any]) -> None:
    right = ("accuracy", "balanced", "macro_f1", "log_loss", "brier") if said.ndim == 2 else ("r2", "mae", "rmse")
    if metric not in right:
        raise OptionError(
            f'the metric "{metric}" is not for predictions of shape {said.shape}',
            right=f"metrics are {', '.join(right)}",
            next=f'by_group("{right[0]}", prediction, truth, groupings)',
        )


def _means(metric: str, each: Floats, grouping: Grouping) -> _Scored:
    """Where the metric is a mean of the rows: by sums over groups."""
    from scipy.stats import t

    inside = grouping.codes >= 0
    codes, n, total = grouping.codes[inside], grouping.sizes.astype(np.float64), len(each)
    middle = float(each.mean())
    away = each - middle  # so that squares of large numbers that differ little keep the difference
    sums, squares = (np.bincount(codes, w[inside], len(n)) for w in (away, away**2))
    others = total - n
    with np.errstate(divide="ignore", invalid="ignore"):
        mean, rest = sums / n, np.where(others > 0, (away.sum() - sums) / others, np.nan)
        var = np.maximum(squares - n * mean**2, 0) / (n - 1)
        rest_var = np.maximum((away**2).sum() - squares - others * rest**2, 0) / (others - 1)
        half = np.where(n > 1, t.ppf(0.975, np.maximum(n - 1, 1)) * np.sqrt(var / n), np.inf)
    p = np.full(len(n), np.nan)
    if metric == "accuracy":
        hits = np.bincount(codes, each[inside], len(n))
        tested = (n > 0) & (others > 0)
        p[tested] = share_test(hits[tested], n[tested], int(each.sum()), total)
        bounds = np.array([wilson(h / m, int(m)) if m else (np.nan, np.nan) for h, m in zip(hits, n, strict=True)]).reshape(-1, 2)
        return _Scored(hits / np.maximum(n, 1), bounds[:, 0], bounds[:, 1], rest + middle, p)
    tested = np.minimum(n, others) >= _FEW
    p[tested] = mean_test(n[tested], mean[tested], var[tested], others[tested], rest[tested], rest_var[tested])
    value = mean + middle
    return _Scored(
        value, np.maximum(value - half, 0), np.minimum(value + half, 2 if metric == "brier" else np.inf), rest + middle, p
    )


def _measured(metric: str, said: NDArray[Any], true: NDArray[Any], grouping: Grouping, seed: int) -> _Scored:
    """Where it is no mean of rows: group by group."""
    found = np.full((5, len(grouping.names)), np.nan)
    for g, n in enumerate(grouping.sizes.tolist()):
        if not n:
            continue
        inside = grouping.codes == g
        own = measure(metric, said[inside], true[inside], seed=seed)
        found[:3, g] = own.value, *own.interval
        if min(n, len(said) - n) >= _FEW:
            rest = measure(metric, said[~inside], true[~inside], seed=seed)
            sides = [
                (rows, m.value, rows * ((m.interval[1] - m.interval[0]) / (2 * Z)) ** 2)
                for rows, m in ((n, own), (len(said) - n, rest))
            ]
            found[3:, g] = rest.value, mean_test(*(np.array([float(figure)]) for side in sides for figure in side))[0]
    return _Scored(*found)


def _gap(
    metric: str, whole: Metric, n: int, grouping: Grouping, scored: _Scored, each: Floats | None, seed: int
) -> Iterator[Gap]:
    rows = np.flatnonzero(grouping.sizes >= _FEW)
    if len(rows) < 2:
        return
    value = scored.value[rows] if higher_is_better(metric) else -scored.value[rows]
    best, worst = rows[value.argmax()], rows[value.argmin()]
    # Of one row: known where the metric is a mean of rows, else from the interval of all.
    deviation = float(each.std()) if each is not None else (whole.interval[1] - whole.interval[0]) / (2 * Z) * math.sqrt(n)
    drawn = ranges(grouping.sizes[rows], share=whole.value if metric == "accuracy" else None, deviation=deviation, seed=seed)
    yield Gap(grouping.column, grouping.names[best], grouping.names[worst], float(np.ptp(value)), float(np.quantile(drawn, 0.95)))


def _scores(grouping: Grouping, scored: _Scored) -> Iterator[GroupScore]:
    for g, (name, n) in enumerate(zip(grouping.names, grouping.sizes.tolist(), strict=True)):
        if n:
            value, low, high, rest, p = (
                float(figure[g]) for figure in (scored.value, scored.low, scored.high, scored.rest, scored.p)
            )
            difference = None if math.isnan(rest) else value - rest
            yield GroupScore(grouping.column, name, n, value, (low, high), difference, None if math.isnan(p) else p)


def _finished(group: GroupScore, adjusted: float, metric: str, whole: Metric, total: int) -> GroupScore:
    tested = group.p is not None
    worse = group.difference is not None and (group.difference < 0) == higher_is_better(metric) and group.difference != 0
    done = replace(
        group,
        adjusted=adjusted if tested else None,
        significant=tested and adjusted <= LEVEL,
        worse=worse,
        needed=_needed(group, metric, whole, total),
    )
    return replace(done, said=_said(done, metric))


def _needed(group: GroupScore, metric: str, whole: Metric, total: int) -> int | None:
    """How many more labels would tell its score to ±.05, of mae and rmse 5 % of that of all rows; None where there are enough."""
    unit = whole.value if metric in ("mae", "rmse") else 1.0
    low, high = group.interval
    if group.n >= _FEW and high - low <= _WIDE * unit:
        return None
    if metric == "accuracy":
        return labels_needed(min(max(0.5, low), high), _CLOSE) - group.n  # the most it can take
    # Widths shrink with the root of n. Few rows may be alike by chance: they need no fewer labels than all rows would.
    widths = [(group.n, (high - low) / 2), (total, (whole.interval[1] - whole.interval[0]) / 2)]
    rows = max((n * half**2 for n, half in widths if math.isfinite(half)), default=0.0) / (_CLOSE * unit) ** 2 if unit else 0.0
    return max(math.ceil(rows), _FEW, group.n + 1) - group.n


def _said(group: GroupScore, metric: str) -> str:
    value, rows = number(group.value), f"{group.n:,} row{'s' * (group.n > 1)}"
    said = f"{group.name}: {metric} is {value} on {rows}"
    if group.significant and group.difference is not None:
        said += f", {number(abs(group.difference))} {'worse' if group.worse else 'better'} than on the others"
    elif group.p is not None:
        said += ", no further from the others than chance allows"
    if group.needed is not None:
        low, high = (number(end) if math.isfinite(end) else "any number" for end in group.interval)
        said += f"; so few say little ({low} to {high}), {group.needed:,} more labels would tell it to within "
        said += "5 % of that of all rows" if metric in ("mae", "rmse") else "0.05"
    return said


def _notes(groupings: Sequence[Grouping], groups: Sequence[GroupScore], worst: GroupScore | None) -> Iterator[str]:
    for grouping in groupings:
        if grouping.note:
            yield grouping.note
        for name in np.array(grouping.names)[grouping.sizes == 0]:
            yield f"{name}: there are no such rows"
    untested = sum(g.p is None for g in groups)
    if untested:
        yield f"{untested:,} of {len(groups):,} groups are not tested: too few rows are inside or outside them"
    if worst is None and untested < len(groups):
        yield f"none of the {len(groups) - untested:,} groups tested is told from chance to be worse than the other rows"
