"""Several labels of one example -> what is learned from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.errors import OutsideType, nearest, quote
from tacit.types import Category, Kind, MultiCategory, Number, SpanList, Unfit

__all__ = ["common", "consensus"]


def consensus(said: Mapping[str, Sequence[Any]], output: Kind, *, task: str) -> tuple[list[str], NDArray[np.float64]]:
    """Each example's labels as one target: classes vote, numbers average.

    Arguments:
        said: Example id -> its labels, as JSON.
        output: The task's return type, a category or a number.
        task: Its name, for the message.

    Returns:
        Ids, and targets in their order: (n, n_classes) float64 shares, or (n,) float64 means.

    Raises:
        OutsideType: A label is not of the return type (any more).
    """
    ids = list(said)
    if isinstance(output, Category):
        target = np.zeros((len(ids), len(output.classes)))
        known: dict[Any, int] = {}
        for row, values in enumerate(said.values()):
            for value in values:
                key = (type(value), value)
                if key not in known:
                    known[key] = output.index(_parsed(value, output, said, task))
                target[row, known[key]] += 1 / len(values)
        return ids, target
    assert isinstance(output, Number)
    return ids, np.array([float(np.mean([_parsed(v, output, said, task) for v in values])) for values in said.values()])


def common(said: Mapping[str, Sequence[Any]], output: MultiCategory | SpanList, *, task: str) -> dict[str, Any]:
    """Each example's labels, as JSON, as one answer that has what more than half of them have.

    Returns:
        Of a set (n_classes,) int8, 1 for the classes in it; of spans a frozenset of (start, end, class).

    Raises:
        OutsideType: A label is not of the return type (any more).
    """
    found: dict[str, Any] = {}
    for example, values in said.items():
        counts = Counter(one for value in values for one in set(_parts(value, output, said, task)))
        held = [one for one, times in counts.items() if 2 * times > len(values)]
        found[example] = (
            frozenset(held) if isinstance(output, SpanList) else np.isin(np.arange(len(output.of.classes)), held).astype(np.int8)
        )
    return found


def _parts(value: Any, output: MultiCategory | SpanList, said: Mapping[str, Sequence[Any]], task: str) -> list[Any]:
    parsed = _parsed(value, output, said, task)
    if isinstance(output, MultiCategory):
        return [output.of.index(c) for c in parsed]
    return [(s.start, s.end, output.label.index(s.label)) for s in parsed]


def _parsed(value: Any, output: Kind, said: Mapping[str, Sequence[Any]], task: str) -> Any:
    try:
        return output.parse(value)
    except Unfit:
        n = sum(1 for values in said.values() for v in values if v == value)
        names = output.names if isinstance(output, Category) else ()
        right = output.described() if isinstance(output, Category) else str(output)
        instead = nearest(str(value), names) or (names[0] if names else "0" * isinstance(output, Number))
        raise OutsideType(
            f"{n:,} label{'s' * (n != 1)} of {task} {'is' if n == 1 else 'are'} {quote(value)}, which its return type does not hold",
            right=f"it returns {right}",
            next=f"put {quote(value)} back into the return type"
            + (f", or: tacit db relabel {task} {value} {instead}" if instead else ""),
        ) from None
