"""The verb plant: a copy of real rows with a false cue of known strength, to see what falls for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.arguments import checked, seeded
from tacit.errors import ColumnError, OptionError, RowsError, TooFewLabels, nearest, quote
from tacit.files import Rows, read
from tacit.matching import check_column
from tacit.planted import GroupNoise, Plantable, Planted, Token, carriers, wrong, wrong_by_group
from tacit.progress import Progress, report
from tacit.types import Unfit, is_missing

__all__ = ["plant"]


@checked
def plant(
    rows: Any,
    cue: str | Plantable | GroupNoise,
    *,
    label: str,
    strength: float,
    column: str | None = None,
    favored: Any = None,
    share: float = 0.5,
    minority: float | None = None,
    noise: float = 0.0,
    seed: int = 0,
) -> Planted:
    """Copy rows and plant a false cue in them, so that the cue goes with one label. Whatever learns from labels can be tried on them.

    A share of `share * strength` of the rows with the favored label gets the cue, and of the others `share * (1 - strength)`, by
    exact counts: so the cue multiplies the odds of the favored label by strength / (1 - strength), and where both are as many,
    `strength` of the rows with the cue have that label. At 0.5 the cue says nothing, at 1 it is never wrong. Each row has a twin
    that differs in the cue alone.

    Arguments:
        rows: Whatever `add` takes, with labels. All of it is held in memory.
        cue: One of `tacit.planted`, or text: `Token(text)`.
        label: The column of labels, which are classes.
        strength: 0.5 to 1.
        column: The text or image that gets the cue; None is the only one there is. Cues for records name theirs.
        favored: The label that the cue goes with; None is the first of the sorted ones.
        share: Above 0, to 1. At 1 the rows without the cue say as much of the label as those with it. `GroupNoise` has no use for it.
        minority: The share of all rows that carry the cue without the favored label, in place of what follows from the strength.
        noise: The share of labels that are made wrong, each another class at random, after planting and in twins alike.
        seed: Of all draws.

    Returns:
        Rows, twins, and the true groups. Rows are left out, and a note says how many, that have no label or no value to put the cue
        into, or that have the cue already, and so no twin without it.

    Raises:
        OptionError: A share is out of its range, or asks for more rows than there are; or `favored` is no class.
        ColumnError: There is no such column, or several could get the cue.
        RowsError: A row cannot be read, or the cue does not fit into it.
        TooFewLabels: The rows that are left have one class only.
    """
    cue = Token(cue) if isinstance(cue, str) else cue
    seed = seeded(seed)
    _check_shares(cue, strength, share, minority, noise, favored)
    given = read(rows)
    check_column(given, label, "label")
    table = _labeled(given, label)
    report(Progress(f"planting {cue.name}", 0))
    if isinstance(cue, GroupNoise):
        column = cue.column
        check_column(given, column, "column")
        table, group = _grouped(table, cue)
    else:
        column = cue.column or _column(cue, given, table, label, column)
        table = _planted(table, cue, column)
    truth = [row[label] for row in table.rows]
    classes = _classes(truth, label)
    chance = np.random.default_rng(seed)
    if isinstance(cue, GroupNoise):
        carries, favored = group, None
        flipped = wrong_by_group(carries, strength=strength, noise=noise, chance=chance)
    else:
        favored = _favored(classes, favored, label)
        favors = np.array([value == favored for value in truth], dtype=bool)
        carries = carriers(favors, strength=strength, share=share, minority=minority, chance=chance)
        flipped = wrong(len(truth), noise, chance)
    labels = _flipped(truth, classes, flipped, chance)
    pairs = list(zip(table.rows, table.pairs, labels, carries.tolist(), strict=True))
    return Planted(
        tuple(row | {column: pair[carried], label: said} for row, pair, said, carried in pairs),
        tuple(row | {column: pair[not carried], label: said} for row, pair, said, carried in pairs),
        carries,
        tuple(truth),
        tuple(table.numbers),
        cue,
        column,
        label,
        favored,
        strength,
        share,
        minority,
        noise,
        seed,
        table.notes,
    )


@dataclass(frozen=True)
class _Table:
    """Rows that are kept.

    Attributes:
        numbers: Which of the given ones they are.
        rows: Column -> value.
        pairs: Of each the value without the cue and the value with it.
    """

    numbers: list[int]
    rows: list[dict[str, Any]]
    pairs: list[tuple[Any, Any]] = field(default_factory=list)
    notes: tuple[str, ...] = ()


def _check_shares(
    cue: Plantable | GroupNoise, strength: float, share: float, minority: float | None, noise: float, favored: Any
) -> None:
    if not 0.5 <= strength <= 1:
        raise OptionError(
            f"strength is {strength:g}",
            right="at 0.5 the cue says nothing of the label, at 1 it is never wrong",
            next="--strength 0.95",
        )
    if not 0 < share <= 1:
        raise OptionError(f"share is {share:g}", right="it is above 0, to 1", next="--share 0.5")
    if minority is not None and not 0 <= minority < 1:
        raise OptionError(
            f"minority is {minority:g}", right="it is a share of all rows, from 0 to below 1", next="--minority 0.05"
        )
    if not 0 <= noise < 1:
        raise OptionError(f"noise is {noise:g}", right="it is a share of labels, from 0 to below 1", next="--noise 0.1")
    if isinstance(cue, GroupNoise):
        if minority is not None or favored is not None:
            raise OptionError(
                "group noise has neither a minority nor a favored label", right="it makes labels wrong", next="leave them out"
            )
        if not noise:
            raise OptionError("group noise needs noise", right="noise is the share of wrong labels among all", next="--noise 0.1")


def _labeled(given: Rows, label: str) -> _Table:
    numbers: list[int] = []
    rows: list[dict[str, Any]] = []
    without = 0
    for batch in given.batches(None):
        if batch.unreadable:
            raise _misfit(given.name, batch.unreadable[0].number, batch.unreadable[0].reason)
        for i, number in enumerate(batch.numbers):
            row = {name: values[i] for name, values in batch.columns.items()}
            if is_missing(row.get(label)):
                without += 1
            elif not isinstance(row[label], Hashable):
                raise OptionError(
                    f"the label of row {number:,} is {quote(row[label])}",
                    right="a label is one class",
                    next="pass another label=",
                )
            else:
                numbers.append(number)
                rows.append(row)
        report(Progress(f"reading {given.name}", len(rows)))
    return _Table(numbers, rows, notes=_notes({"without a label": without}))


def _planted(table: _Table, cue: Plantable, column: str) -> _Table:
    """The rows that can be with the cue and without it."""
    kept: list[int] = []
    pairs = []
    had = empty = 0
    for i, row in enumerate(table.rows):
        try:
            value = cue.read(row.get(column))
            if value is None:
                empty += 1
            elif cue.has(value):
                had += 1
            else:
                pairs.append((value, cue.put(value)))
                kept.append(i)
        except Unfit as error:
            raise _misfit("the rows", table.numbers[i], f"{column} {error.reason}") from None
    if table.rows and not kept:
        raise RowsError(
            f"of {len(table.rows):,} rows with labels {had:,} have {cue.name} in {column} already, and {empty:,} have nothing there",
            right="a cue to plant is new to the rows",
            next="choose another cue",
        )
    notes = _notes({f"without a value in {column}": empty, "that had the cue before": had})
    return _Table([table.numbers[i] for i in kept], [table.rows[i] for i in kept], pairs, (*table.notes, *notes))


def _grouped(table: _Table, cue: GroupNoise) -> tuple[_Table, NDArray[np.bool_]]:
    """The rows with a value of the column, as it is within the group and outside, and (n,) bool which are of the group."""
    kept = [i for i, row in enumerate(table.rows) if not is_missing(row.get(cue.column))]
    values = [table.rows[i][cue.column] for i in kept]
    group = np.array([cue.has(value) for value in values], dtype=bool)
    others = Counter(str(value) for value in values if not cue.has(value))
    if group.all() or not group.any():
        known = [name for name, _ in others.most_common(5)]
        raise OptionError(
            f"{int(group.sum()):,} of {len(values):,} rows have {cue.name}",
            right="some rows are of the group, and some are not",
            next=f"GroupNoise({quote(cue.column)}, {quote(nearest(str(cue.value), known) or known[0])})"
            if known
            else "choose a column with two values",
        )
    common = others.most_common(1)[0][0]
    inside = values[int(group.argmax())]
    outside = next(value for value in values if str(value) == common)
    pairs = [(outside, value) if of else (value, inside) for value, of in zip(values, group.tolist(), strict=True)]
    notes = _notes({f"without a value in {cue.column}": len(table.rows) - len(kept)})
    rows = [table.rows[i] for i in kept]
    return _Table([table.numbers[i] for i in kept], rows, pairs, (*table.notes, *notes)), group


def _column(cue: Plantable, given: Rows, table: _Table, label: str, column: str | None) -> str:
    """The column that gets a cue which names none: the one that is asked for, or the only one whose first value can take it."""
    if column is not None:
        check_column(given, column, "column")
        return column
    fitting = []
    for name in given.columns:
        first = next((row[name] for row in table.rows if not is_missing(row.get(name))), None)
        try:
            if name != label and cue.read(first) is not None:
                fitting.append(name)
        except Unfit:
            continue
    if len(fitting) != 1:
        raise ColumnError(
            f"{len(fitting)} columns of {given.name} could get {cue.name}" + (f": {', '.join(fitting)}" if fitting else ""),
            right=f"beside {label} there are {', '.join(name for name in given.columns if name != label) or 'none'}",
            next=f"--column {fitting[0] if fitting else 'COLUMN'}",
        )
    return fitting[0]


def _classes(truth: list[Hashable], label: str) -> list[Hashable]:
    """The classes, sorted: by their text where they are of several types."""
    found: list[Any] = list(dict.fromkeys(truth))
    if len(found) < 2:
        shown = quote(found[0]) if found else "missing"
        raise TooFewLabels(
            f"all {len(truth):,} labels of the rows that can get the cue are {shown}",
            right="a cue goes with one class of several",
            next="give rows of all classes",
        )
    if len(found) > max(2, len(truth) // 2):
        raise OptionError(
            f"{label} has {len(found):,} values in {len(truth):,} rows",
            right="labels are classes",
            next="pass a label= that has few values",
        )
    try:
        return sorted(found)
    except TypeError:
        return sorted(found, key=str)


def _favored(classes: list[Hashable], favored: Any, label: str) -> Hashable:
    """The class that is meant: the same, or the same as text."""
    if favored is None:
        return classes[0]
    meant = [c for c in classes if c == favored] or [c for c in classes if str(c) == str(favored)]
    if not meant:
        names = [str(c) for c in classes]
        raise OptionError(
            f"no {label} is {quote(favored)}",
            right=f"it is {' or '.join(names[:10])}",
            next=f"--favored {nearest(str(favored), names) or names[0]}",
        )
    return meant[0]


def _flipped(
    truth: list[Hashable], classes: list[Hashable], flipped: NDArray[np.bool_], chance: np.random.Generator
) -> list[Hashable]:
    """Labels, some of them another class than the true one, each as likely as the others."""
    place = {c: i for i, c in enumerate(classes)}
    away = chance.integers(1, len(classes), size=len(truth)) * flipped
    return [classes[(place[value] + step) % len(classes)] for value, step in zip(truth, away.tolist(), strict=True)]


def _notes(counts: dict[str, int]) -> tuple[str, ...]:
    return tuple(f"{n:,} row{'s' * (n != 1)} {what} {'is' if n == 1 else 'are'} left out" for what, n in counts.items() if n)


def _misfit(name: str, number: int, reason: str) -> RowsError:
    return RowsError(f"row {number:,} of {name} cannot get the cue: it {reason}", next="mend that row, or leave it out")
