"""What a careful colleague would say of some data before learning from it: leaks, numbers of rows, lopsided labels."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Hashable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.errors import quote
from tacit.learners import Data, settle
from tacit.learners.contract import bare
from tacit.learners.roles import surely_text
from tacit.types import Category

__all__ = ["oddities"]

_MOST = 6
_SAMPLE = 5_000
"""Of so many rows at most columns are looked at, which takes a millisecond or two each."""

_FEW = 20
"""Of fewer rows nothing is said: by chance they look like anything."""

_TELLING = 0.99
"""From this share of right answers on a column gives the answer away."""

_SPARSE = 0.95
_LOPSIDED = 0.9
_LEARNABLE = 5
"""A class with fewer examples is in no fold of some five."""

_PLAIN = frozenset({"category", "categories", "key", "number", "moment"})
_CODE = re.compile(r"(?=.*\d)\S{1,40}")
"""A text without spaces and with a digit may be the number of something; a name is not."""


def oddities(data: Data, gold: NDArray[np.bool_] | None = None) -> list[str]:
    """Sentences about what is odd in some rows, the most important first, at most six.

    Arguments:
        data: Rows that are to be learned from, in the order in which they came.
        gold: (n,) which rows somebody labeled. All by default; what is said of labels is said of these.
    """
    labeled = data if gold is None or gold.all() else data.take(np.flatnonzero(gold))
    said = [] if labeled.n < _FEW else [*_telling(_sampled(settle(labeled))), *_labels(labeled)]
    return [*said, *([] if data.n < _FEW else _columns(data))][:_MOST]


def _sampled(data: Data) -> Data:
    if data.n <= _SAMPLE:
        return data
    return data.take(np.sort(np.random.default_rng(0).choice(data.n, _SAMPLE, replace=False)))


def _telling(data: Data) -> Iterator[str]:
    """Columns each of which gives the answer away on rows that were not looked at."""
    order = np.random.default_rng(0).permutation(data.n)
    seen, unseen = order[: data.n // 2], order[data.n // 2 :]
    target = data.target if data.target.ndim == 2 else data.target[:, None]
    constant = _right(np.broadcast_to(target[seen].mean(0), target[unseen].shape), target[unseen])
    # What a constant answers nearly always right, or what is few, nothing can be shown to give away.
    if constant is None or len(unseen) * (1 - max(constant, 0.0)) < _LEARNABLE:
        return
    for name, kind in data.kinds.items():
        if kind.role not in _PLAIN:
            continue
        codes = _codes(data.columns[name], bare(kind).role)
        levels, level = np.unique(codes[seen], return_inverse=True)
        means = np.stack([np.bincount(level, t, len(levels)) for t in target[seen].T], 1) / np.bincount(level)[:, None]
        right = _right(means[_nearest(levels, codes[unseen])], target[unseen])
        if right is not None and not data.classes and len(levels) > 1:
            # Between the levels, and on a line, since neighbors in a long tail are far.
            line = np.polynomial.Polynomial.fit(codes[seen], target[seen, 0], 1)(codes[unseen])
            between = np.interp(codes[unseen], levels, means[:, 0])
            right = max(right, *(_right(given[:, None], target[unseen]) or 0.0 for given in (line, between)))
        if right is not None and right >= _TELLING and 1 - right <= (1 - constant) / 10:
            measured = "of the answers" if data.classes else "of what varies in the answers"
            usual = f", where one answer for all is right on {constant:.0%}" if data.classes else ""
            counts = ", although it only numbers the rows" if _numbers_rows(data.columns[name], kind.role) else ""
            yield f"{quote(name)} alone tells {right:.1%} {measured}{usual}{counts}: leave it out unless it is known before the answer is"


def _right(given: NDArray[Any], target: NDArray[Any]) -> float | None:
    """The share of right answers, or R2 of numbers; None where the numbers are all the same."""
    if target.shape[1] > 1:
        return float((given.argmax(1) == target.argmax(1)).mean())
    varies = float(((target - target.mean()) ** 2).sum())
    return None if varies == 0 else 1 - float(((target - given) ** 2).sum()) / varies


def _codes(values: Sequence[Any], role: str) -> NDArray[np.float64]:
    """(n,) a number for each value, near for values that are near; categories are numbered, and what is missing is far away."""
    if role == "moment":
        values = [None if v is None else _days(v) for v in values]
    elif role != "number":
        known: dict[Hashable, int] = {}
        values = [None if v is None else known.setdefault(_hashable(v), len(known)) for v in values]
    codes = np.array(values, dtype=np.float64)
    missing = np.isnan(codes)
    if not missing.all():
        codes[missing] = codes[~missing].min() - 1 - np.ptp(codes[~missing])
    return np.nan_to_num(codes)


def _nearest(levels: NDArray[np.float64], codes: NDArray[np.float64]) -> NDArray[np.intp]:
    """The position of the level that is nearest to each code."""
    above = np.searchsorted(levels, codes).clip(1, max(1, len(levels) - 1)).clip(max=len(levels) - 1)
    below = np.maximum(above - 1, 0)
    return np.where(codes - levels[below] <= levels[above] - codes, below, above)


def _days(moment: dt.date) -> float:
    day = float(moment.toordinal())
    return day + (moment.hour * 3600 + moment.minute * 60 + moment.second) / 86_400 if isinstance(moment, dt.datetime) else day


def _hashable(value: Any) -> Hashable:
    return frozenset(value) if isinstance(value, set | frozenset | list | tuple) else value


def _labels(data: Data) -> Iterator[str]:
    """What is odd about the labels of a category."""
    if not isinstance(data.output, Category):
        return
    counts = data.target.sum(0)
    names, n = data.output.names, data.n
    usual, share = int(counts.argmax()), float(counts.max()) / n
    if _LOPSIDED <= share < 1:
        yield (
            f"{share:.1%} of the labels are {quote(names[usual])}, so that always answering that has an accuracy of {share:.3f}: "
            'look at the balanced accuracy, or train for metric="macro_f1"'
        )
    torn = int((data.target.max(1) < 1 - 1e-9).sum())
    if torn:
        yield f"{torn:,} of {n:,} labeled examples have labels that contradict each other: look at those again"
    never = [name for name, count in zip(names, counts, strict=True) if count == 0]
    if never and len(never) < len(names) - 1:
        yield f"no example is labeled {_listed(never, 'or')}, which can then not be learned"
    rare = [f"{quote(name)} ({count:.0f})" for name, count in zip(names, counts, strict=True) if 0 < count < _LEARNABLE]
    if rare:
        yield f"too few labels to learn or to score by: {_listed(rare, 'and', quoted=True)}"


def _columns(data: Data) -> Iterator[str]:
    """What is odd about columns, whatever the labels."""
    some = _sampled(data)
    names = [name for name, kind in data.kinds.items() if kind.role not in ("image", "vector")]
    open_ones = [n for n in names if not surely_text(data.kinds[n])] if len(names) > 1 else []
    numbering = [n for n in open_ones if _numbers_rows(data.columns[n], data.kinds[n].role)]
    if numbering:
        them = ("s", "it", "it means") if len(numbering) == 1 else ("", "them", "they mean")
        yield (
            f"{_listed(numbering, 'and')} look{them[0]} like the number of the row, another in each: "
            f"leave {them[1]} out unless {them[2]} something"
        )
    missing = {n: sum(v is None for v in data.columns[n]) / data.n for n in names if _missing(some.columns[n]) >= _SPARSE}
    nothing = [n for n, share in missing.items() if share == 1]
    if nothing:
        yield f"{_listed(nothing, 'and')} {'is' if len(nothing) == 1 else 'are'} missing everywhere"
    sparse = [f"{quote(n)} ({share:.1%})" for n, share in missing.items() if _SPARSE <= share < 1]
    if sparse:
        yield f"nearly always missing: {_listed(sparse, 'and', quoted=True)}"
    same = [n for n in names if n not in nothing and _same(some.columns[n]) and _same(data.columns[n])]
    if same:
        one = f"is {quote(data.columns[same[0]][0], length=30)} in every row"
        yield f"{_listed(same, 'and')} {one if len(same) == 1 else 'have one value each'}, and can teach nothing"
    twins: dict[int, str] = {}
    for name in names:
        if name in nothing or name in same:
            continue
        twin = twins.setdefault(hash(tuple(_hashable(v) for v in some.columns[name])), name)
        if twin != name and list(data.columns[twin]) == list(data.columns[name]):
            yield f"{quote(twin)} and {quote(name)} are the same in every row"


def _numbers_rows(values: Sequence[Any], role: str) -> bool:
    """Whether a column has another whole number, or code, in each row, as a count of the rows or a key has."""
    n = len(values)
    if n < _FEW or role not in ("number", "key", "text") or None in values or len(set(values)) < n:
        return False
    if isinstance(values[0], str):
        return all(_CODE.fullmatch(v) for v in values)
    if not all(float(v).is_integer() for v in values):
        return False
    # Where test rows are apart, or of a sample, the count has gaps.
    return all(a < b for a, b in itertools.pairwise(values)) or max(values) - min(values) < 1.1 * n


def _missing(values: Sequence[Any]) -> float:
    return sum(v is None for v in values) / len(values)


def _same(values: Sequence[Any]) -> bool:
    return all(v == values[0] for v in values)


def _listed(names: Sequence[str], word: str, *, quoted: bool = False) -> str:
    """Names as a sentence has them; of many the first four."""
    shown = list(names) if quoted else [quote(name) for name in names]
    if len(shown) > 5:
        shown = [*shown[:4], f"{len(shown) - 4} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {word} {shown[-1]}"
