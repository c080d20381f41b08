"""Which rows are in which group: values of columns, what is missing, ranges of numbers, crossings, and slices."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.audits.inputs import same_length
from tacit.errors import OptionError, nearest, quote

__all__ = ["Grouping", "crossings"]

_MOST = 50
_RANGES_FROM = 10
"""Numbers and moments with more values than this are cut into quarters."""


@dataclass(frozen=True)
class Grouping:
    """Groups of rows, no two of which share a row.

    Attributes:
        column: "sex", "sex*race", or the name of a slice.
        names: Of its groups, such as "sex is Male": ranges by their order, else the largest first; others and what is missing last.
        codes: (n,) int32 the position of each row's group in `names`; -1 is in none.
        note: What was merged or cut, or empty.
    """

    column: str
    names: tuple[str, ...]
    codes: NDArray[np.int32]
    note: str = ""

    @functools.cached_property
    def sizes(self) -> NDArray[np.intp]:
        """(groups,) how many rows each has."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.names))


def crossings(
    columns: Mapping[str, Sequence[Any] | NDArray[Any]],
    crossed: Sequence[str] = (),
    slices: Mapping[str, NDArray[np.bool_]] | None = None,
    *,
    most: int = _MOST,
) -> tuple[Grouping, ...]:
    """The groups of each column, of the columns that are crossed, and the slices.

    Numbers and moments with more than 10 values are cut into quarters, equal values together. Of other columns the `most` frequent
    values are groups, the rest is one group. None and NaN are a group of their own. Of a crossing all groups that occur are kept.

    Arguments:
        columns: Name -> (n,) values.
        crossed: Such as "sex*race".
        slices: Name -> (n,) bool.
        most: 1 or more.

    Raises:
        OptionError: Lengths differ, there are no rows, a slice is not boolean, or a crossing names no column.
    """
    lengths = [len(v) for v in (*columns.values(), *(slices or {}).values())]
    for name, length in zip((*columns, *(slices or {})), lengths, strict=True):
        same_length(lengths[0], **{name: length})
    found = {name: _grouping(name, values, most) for name, values in columns.items()}
    crosses = [functools.reduce(_cross, [_known(found, part.strip(), name) for part in name.split("*")]) for name in crossed]
    return (*found.values(), *crosses, *(_slice(name, rows) for name, rows in (slices or {}).items()))


def _known(found: Mapping[str, Grouping], column: str, crossing: str) -> Grouping:
    if column in found:
        return found[column]
    near = nearest(column, list(found))
    raise OptionError(
        f"the crossing {quote(crossing)} names {quote(column)}, which is no column"
        + (f", did you mean {quote(near)}?" if near else ""),
        right=f"columns are {', '.join(found)}",
        next='crossings({"sex": sex, "race": race}, ["sex*race"])',
    )


def _slice(name: str, rows: NDArray[np.bool_]) -> Grouping:
    inside = np.asarray(rows)
    if inside.dtype != np.bool_ or inside.ndim != 1:
        raise OptionError(
            f"slice {quote(name)} is an array of {inside.dtype} with shape {inside.shape}",
            right="a slice says True or False of each row",
            next="slices={name: rows.astype(bool)}",
        )
    return Grouping(name, (name,), np.where(inside, 0, -1).astype(np.int32))


def _cross(first: Grouping, second: Grouping) -> Grouping:
    """The groups of rows that share both."""
    pairs, codes, sizes = np.unique(
        first.codes.astype(np.int64) * len(second.names) + second.codes, return_inverse=True, return_counts=True
    )
    order = np.argsort(-sizes, kind="stable")
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order))
    names = [
        f"{first.names[a]}, {second.names[b]}" for a, b in (divmod(pair, len(second.names)) for pair in pairs[order].tolist())
    ]
    return Grouping(f"{first.column}*{second.column}", tuple(names), place[codes])


def _grouping(column: str, values: Sequence[Any] | NDArray[Any], most: int) -> Grouping:
    listed = values.tolist() if isinstance(values, np.ndarray) else list(values)
    try:
        code: dict[Any, int] = dict.fromkeys(listed, -1)
    except TypeError:  # lists, say
        listed = [None if v is None else str(v) for v in listed]
        code = dict.fromkeys(listed, -1)
    position = {value: i for i, value in enumerate(code)}
    at = np.fromiter(map(position.__getitem__, listed), np.int32, len(listed))
    counts = np.bincount(at, minlength=len(code))
    distinct = [v for v in code if v is not None and v == v]
    ranged = len(distinct) > _RANGES_FROM and _ordered(distinct)
    if ranged:
        parts, names = _quarters(column, distinct, counts[[position[v] for v in distinct]])
        note = f"{column} is cut into {len(names)} ranges"
    else:
        distinct.sort(key=lambda v: -counts[position[v]])
        parts = np.minimum(np.arange(len(distinct)), most)
        names = [f"{column} is {_text(v)}" for v in distinct[:most]]
        rest = len(distinct) - most
        note = f"the {rest:,} rarest values of {column} are one group, other" if rest > 0 else ""
        names += [f"{column} is other ({rest:,} values)"] if rest > 0 else []
    code.update(zip(distinct, parts.tolist(), strict=True))
    of = np.array(list(code.values()), dtype=np.int32)
    if (of < 0).any():
        of[of < 0] = len(names)
        names.append(f"{column} is missing")
    return Grouping(column, tuple(names), of[at], note)


def _ordered(values: Sequence[Any]) -> bool:
    """Whether they are numbers or moments that can be compared with each other."""
    if all(isinstance(v, Real) and not isinstance(v, bool | Enum) for v in values):
        return True
    if not all(isinstance(v, dt.date) for v in values):
        return False
    return len({(isinstance(v, dt.datetime), getattr(v, "tzinfo", None) is None) for v in values}) == 1


def _quarters(column: str, values: list[Any], counts: NDArray[np.intp]) -> tuple[NDArray[np.intp], list[str]]:
    """(values,) the range of each, by where the middle of its rows lies among all, and the names of ranges; sorts `values`."""
    order = sorted(range(len(values)), key=values.__getitem__)
    values[:] = [values[i] for i in order]
    ranked = counts[order]
    quarter = (4 * (np.cumsum(ranked) - ranked / 2) / ranked.sum()).astype(np.intp)
    _, first, part = np.unique(quarter, return_index=True, return_inverse=True)
    ends = [(values[a], values[b - 1]) for a, b in zip(first, [*first[1:], len(values)], strict=True)]
    for text in (_text, str):
        names = [f"{column} is {text(a)} to {text(b)}" if a != b else f"{column} is {text(a)}" for a, b in ends]
        if len(set(names)) == len(names):
            break  # six digits tell them apart
    return part, names


def _text(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value) or '""'
