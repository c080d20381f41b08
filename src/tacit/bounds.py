"""Groups that stay whole and times that count, read from columns of the examples: what a split may not cut through."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tacit.errors import OptionError, TooFewLabels, nearest, quote
from tacit.splits import Bounds, parts
from tacit.tasks import Task
from tacit.types import Moment, Unfit

__all__ = ["bounds_of", "check_bounds", "column_of", "unknown"]


class _Stored(Protocol):
    @property
    def inputs(self) -> Mapping[str, Any]: ...
    @property
    def extra(self) -> Mapping[str, Any]: ...


def bounds_of(task: Task[..., Any], examples: Sequence[_Stored], groups: str | None, time: str | None) -> Bounds | None:
    """What no part of these examples may cut through; None where nothing is asked.

    Arguments:
        task: Whose examples they are.
        examples: As the store holds them.
        groups: The column whose values name groups: a parameter, a field, or a column that `add` kept.
        time: The column that says when: numbers, or dates in ISO 8601; those without a zone are taken as UTC.

    Raises:
        OptionError: There is no such column, or its values are no times.
    """
    if groups is None and time is None:
        return None
    named = None if groups is None else column_of(task, examples, groups, "groups")
    times = None if time is None else column_of(task, examples, time, "time")
    return Bounds(
        None if named is None else [None if v is None else json.dumps(v, sort_keys=True) for v in named],
        None if times is None else _times(task, time or "", times),
    )


def check_bounds(
    task: str, bounds: Bounds, ids: Sequence[str], scored: NDArray[np.bool_] | None, groups: str | None, time: str | None
) -> None:
    """Raise `TooFewLabels` unless something can be scored on, and something be learned from, within the bounds."""
    among = np.ones(len(ids), dtype=np.bool_) if scored is None else scored
    n = int(among.sum())
    if n < 2 or parts(ids, None, validated=scored, bounds=bounds):
        return
    if bounds.times is not None:
        times = bounds.times[among]
        distinct = len(np.unique(times[~np.isnan(times)]))
        if distinct < 2:
            raise TooFewLabels(
                f"the {n:,} labeled examples of {task} have {'one' if distinct else 'no'} {time}",
                right="it takes two times: earlier ones to learn from, later ones to be scored on",
                next=f"tacit train {task}, without --time {time}",
            )
        raise TooFewLabels(
            f"each {groups} of {task} is among the newest by {time} too",
            right="then nobody is left to learn from",
            next=f"tacit train {task} --time {time}, without --groups {groups}",
        )
    raise TooFewLabels(
        f"the {n:,} labeled examples of {task} have one {groups}",
        right="it takes two: one to learn from, one to be scored on",
        next=f"tacit train {task}, without --groups {groups}",
    )


def unknown(bounds: Bounds | None, groups: str | None, time: str | None) -> list[str]:
    """What became of examples whose group or time is missing, as a run tells it."""
    if bounds is None:
        return []
    said = []
    n = sum(g is None for g in bounds.groups or ())
    if n:
        said.append(f"{_examples(n)} no {groups}: {'it counts' if n == 1 else 'each counts'} as a group of its own")
    n = 0 if bounds.times is None else int(np.isnan(bounds.times).sum())
    if n:
        said.append(f"{_examples(n)} no {time}: {'it is' if n == 1 else 'they are'} learned from, never scored on")
    return said


def _examples(n: int) -> str:
    return f"{n:,} example{'s have' if n != 1 else ' has'}"


def column_of(task: Task[..., Any], examples: Sequence[_Stored], name: str, option: str) -> list[Any]:
    """The JSON of a column in each example, None where it is missing: a parameter, a field of one, or what `add(keep=...)` kept.

    Raises:
        OptionError: There is no such column; `option` is the one that named it.
    """
    if name in task.signature.columns:
        return [task.signature.flatten(example.inputs)[name] for example in examples]
    kept = list(dict.fromkeys(column for example in examples for column in example.extra))
    if name not in kept:
        known = [*task.signature.columns, *kept]
        near = nearest(name, known)
        raise OptionError(
            f"the examples of {task.name} have no column {quote(name)}",
            right=f"they have {', '.join(known)}",
            next=f"--{option} {near}" if near else f"tacit add {task.name} FILE --keep {name}",
        )
    return [example.extra.get(name) for example in examples]


def _times(task: Task[..., Any], name: str, values: Sequence[Any]) -> NDArray[np.float64]:
    """(n,) the values as numbers that grow with time, NaN where they are missing."""
    numbers = [_number(v) for v in values]
    if all(number is not None or v is None for number, v in zip(numbers, values, strict=True)):
        return np.array(numbers, dtype=np.float64)
    kind, times = Moment(has_time=True), []
    for value in values:
        try:
            times.append(np.nan if value is None else _seconds(kind.parse(value)))
        except Unfit as error:
            raise OptionError(
                f"{name} of an example of {task.name} {error.reason}",
                right="times are numbers, or dates such as 2026-11-22",
                next=f"tacit train {task.name} --time COLUMN",
            ) from None
    return np.array(times, dtype=np.float64)


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return float(value) if np.isfinite(float(value)) else None
    except (ValueError, OverflowError):
        return None


def _seconds(moment: Any) -> float:
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=dt.UTC)
    return float((aware - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)).total_seconds())
