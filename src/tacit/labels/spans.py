"""Functions that mark stretches of a text: which of the marks are right."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tacit.errors import OptionError
from tacit.labels.annotators import heard

__all__ = ["Mark", "SpanAggregate", "aggregate_spans"]

Mark = tuple[int, int, int]
"""Where a span starts, where it ends, and the number of its class."""

_USUAL, _WORTH = 0.7, 10.0
"""How often a function is right of a place where nothing tells, and for how many places that counts."""

_JUDGED = 5
"""Places where others say something too, below which nothing is said of a function."""


@dataclass(frozen=True)
class SpanAggregate:
    """What the marks say.

    Attributes:
        spans: For each row its marks, in the order of the text; none overlaps another, unless a function marked both.
        probabilities: For each row, in that order, how likely each is right.
        accuracies: (n_functions,) float64, how often a function is right of a place where it says something; NaN where nothing tells.
        suspects: Functions that look worse than a guess; they have no say.
    """

    spans: tuple[tuple[Mark, ...], ...]
    probabilities: tuple[tuple[float, ...], ...]
    accuracies: NDArray[np.float64]
    suspects: tuple[int, ...]


def aggregate_spans(
    marks: Sequence[Sequence[Collection[Mark] | None]], *, gold: Sequence[Collection[Mark] | None] | None = None
) -> SpanAggregate:
    """`aggregate` for functions that mark spans.

    Marks that overlap make a **place**, and each place is a question of its own: which of the functions has it right, if any. The
    answers are what each function marked there, all of it together; nothing, if it was heard on the row and marks such classes
    elsewhere. Then each function has one reliability, as people have (`tacit.labels.heard`); where it meets gold it is what gold
    says, (right + 10 estimated) / (places + 10).

    Arguments:
        marks: For each row and function what it marked: (start, end, class), classes from 0; None where it abstains. An empty
            list says that there is nothing to mark.
        gold: For each row the right marks; None where they are not known.

    Raises:
        OptionError: Rows are of different lengths, or a mark ends before it starts.

    Example:
        >>> aggregate_spans([[[(0, 4, 0)], [(0, 4, 0)], [(0, 9, 0)]]]).spans
        (((0, 4, 0),),)
    """
    m = len(marks[0]) if len(marks) else 0
    _check(marks, gold, m)
    knows = [{mark[2] for row in marks for mark in row[j] or ()} for j in range(m)]
    asked: list[tuple[int, list[frozenset[Mark]]]] = []
    told: list[tuple[int, int, int]] = []
    hits, seen, chance, placed = np.zeros(m), np.zeros(m), np.zeros(m), np.zeros(m)
    for i, row in enumerate(marks):
        right = None if gold is None or gold[i] is None else _plain(gold[i] or ())
        for place in _places(row):
            classes = {mark[2] for mark in place}
            answers = {j: place & _plain(made) for j, made in enumerate(row) if made is not None}
            answers = {j: answer for j, answer in answers.items() if answer or classes & knows[j]}
            options = sorted({frozenset(), *answers.values()}, key=sorted)
            told += [(len(asked), j, options.index(answer)) for j, answer in answers.items()]
            asked.append((i, options))
            placed[list(answers)] += 1
            chance[list(answers)] += 1 / max(2, len(options))
            if right is not None:
                seen[list(answers)] += 1
                hits[[j for j, answer in answers.items() if answer == place & right]] += 1
    most = max((len(options) for _, options in asked), default=2)
    rows, people, said_there = np.array(told, np.int64).reshape(len(told), 3).T
    said = heard(rows, people, said_there, most, np.full(m, _USUAL), _WORTH)
    if seen.any():
        mended = (hits + _WORTH * said.reliabilities) / (seen + _WORTH)
        said = heard(rows, people, said_there, most, mended, np.inf)
    kept: list[list[tuple[Mark, float]]] = [[] for _ in marks]
    for number, (i, options) in enumerate(asked):
        likely = said.probabilities[number, : len(options)]
        best = int(likely.argmax())
        kept[i] += [(mark, float(likely[best])) for mark in options[best]]
    ordered = [sorted(row) for row in kept]
    judged = said.met + seen
    accuracies = np.where(judged > 0, said.reliabilities, np.nan)
    return SpanAggregate(
        tuple(tuple(mark for mark, _ in row) for row in ordered),
        tuple(tuple(chance for _, chance in row) for row in ordered),
        accuracies,
        tuple(np.flatnonzero((judged >= _JUDGED) & (accuracies < chance / np.maximum(placed, 1))).tolist()),
    )


def _places(row: Sequence[Collection[Mark] | None]) -> Iterator[frozenset[Mark]]:
    """The marks of a row, those together that overlap, or overlap with such as do."""
    place: set[Mark] = set()
    end = 0
    for mark in sorted({mark for made in row for mark in _plain(made or ())}):
        if place and mark[0] >= end:
            yield frozenset(place)
            place = set()
        end = max(end, mark[1]) if place else mark[1]
        place.add(mark)
    if place:
        yield frozenset(place)


def _plain(marks: Collection[Mark]) -> frozenset[Mark]:
    return frozenset((int(start), int(end), int(label)) for start, end, label in marks)


def _check(marks: Sequence[Sequence[Collection[Mark] | None]], gold: Sequence[Collection[Mark] | None] | None, m: int) -> None:
    uneven = next((i for i, row in enumerate(marks) if len(row) != m), None)
    if uneven is not None or (gold is not None and len(gold) != len(marks)):
        what = f"row {uneven} has {len(marks[uneven])} functions" if uneven is not None else f"gold has {len(gold or ()):,} rows"
        raise OptionError(
            what,
            right=f"there are {m} functions on each row, and {len(marks):,} rows",
            next="write None where a function abstains, and where gold is not known",
        )
    rows = [*((i, made) for i, row in enumerate(marks) for made in row), *enumerate(gold or ())]
    for i, made in rows:
        for one in made or ():
            parts = tuple(one) if isinstance(one, tuple | list) else ()
            whole = len(parts) == 3 and all(isinstance(part, int | np.integer) for part in parts)
            if not whole or not 0 <= parts[0] < parts[1] or parts[2] < 0:
                raise OptionError(
                    f"row {i} has the mark {one!r}",
                    right="a mark is (start, end, class), whole numbers, its end after its start, classes from 0",
                    next="write (0, 4, 0)",
                )
