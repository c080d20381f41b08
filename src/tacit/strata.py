"""Which group each row is in, of rows that are read a batch at a time: by columns, slices of the task, and cues called false."""

from __future__ import annotations

import functools
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.asking import members
from tacit.audits import crossings
from tacit.cues import Cue, cue_of
from tacit.errors import OptionError, nearest, quote
from tacit.examples import canonical
from tacit.failing import Failures
from tacit.freezing import inputs_of, thaw_columns
from tacit.functions import Slice
from tacit.learners import Columns, Model
from tacit.project import Project
from tacit.selection import Pool, risks
from tacit.tasks import Task
from tacit.types import Category

__all__ = ["Division", "Roll", "Strata", "division", "strata"]

_MOST = 1000
"""Values of a column that are groups, the most frequent ones; the rest is one group."""

_AT_ONCE = 5000

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Strata:
    """What makes the groups: rows that are alike in all of it are one.

    Where cues do, classes do too, as in the objective "worst-group": what contradicts a cue is one class of those that have it.

    Attributes:
        task: Whose rows they are.
        columns: Inputs, fields, or columns that are kept beside them.
        slices: Of the task.
        cues: That were called false.
    """

    task: Task[..., Any]
    columns: tuple[str, ...] = ()
    slices: tuple[Slice, ...] = ()
    cues: tuple[Cue, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.columns or self.slices or self.cues)

    def __str__(self) -> str:
        return " and ".join([*self.columns, *(f"slice {s.name}" for s in self.slices), *(f'"{cue}"' for cue in self.cues)])

    @property
    def kept(self) -> tuple[str, ...]:
        """The columns that are no inputs."""
        return tuple(name for name in self.columns if name not in self.task.signature.columns)


def strata(project: Project, task: Task[..., Any], groups: Sequence[str]) -> Strata:
    """What makes the groups of these names; of none the slices of the task, and the cues that were called false.

    Arguments:
        project: Where cues were judged.
        task: Whose rows they are.
        groups: Columns and slices; "sex*race" is both.
    """
    if not groups:
        false = {canonical(judged.cue): judged.cue for judged in project.store.cues(task.name) if judged.verdict == "false"}
        return Strata(task, slices=tuple(task.slices), cues=tuple(map(cue_of, false.values())))
    names = dict.fromkeys(part.strip() for name in groups for part in name.split("*"))
    slices = tuple(s for s in task.slices if s.name in names and s.name not in task.signature.columns)
    taken = {s.name for s in slices}
    return Strata(task, tuple(name for name in names if name not in taken), slices)


@dataclass
class Roll:
    """What says in which groups rows are, gathered a batch at a time.

    Attributes:
        of: What makes the groups.
        values: Of each column, the value of each row.
        inside: Of each slice and then each cue, whether a row is in it or has it.
        classes: The class of each row, where cues make groups.
        known: The columns that some row has beside its inputs.
        size: How many rows.
    """

    of: Strata
    values: dict[str, list[Any]] = field(default_factory=dict)
    inside: list[list[NDArray[np.bool_]]] = field(default_factory=list)
    classes: list[Codes] = field(default_factory=list)
    known: dict[str, None] = field(default_factory=dict)
    size: int = 0

    def take(
        self,
        ids: Sequence[str],
        columns: Columns,
        extras: Sequence[Mapping[str, Any]],
        *,
        classes: Codes | None = None,
        model: Model | None = None,
    ) -> None:
        """Add rows: their ids, their parsed inputs, what is kept beside these, and their classes, or what says these of them.

        A model is asked about the rows without the cues, on which it leans: with them it would not know what contradicts them.
        """
        if not ids:
            return
        if classes is None and self.of.cues and model is not None:
            bare = functools.reduce(lambda rows, cue: cue.without(rows), self.of.cues, columns)
            classes = model.predict(bare).argmax(axis=1)
        if classes is not None:
            self.classes.append(classes)
        self.size += len(ids)
        for extra in extras:
            self.known.update(dict.fromkeys(extra))
        for name in self.of.columns:
            cells = columns[name] if name in columns else [extra.get(name) for extra in extras]
            held = self.values.setdefault(name, [])
            held += [sys.intern(cell) if type(cell) is str else cell for cell in cells]  # equal texts are held once
        inputs = inputs_of(self.of.task.signature, columns, len(ids)) if self.of.slices else []
        found = [members(piece, inputs, ids)[0] for piece in self.of.slices] + [cue.carried(columns) for cue in self.of.cues]
        self.inside = self.inside or [[] for _ in found]
        for held_inside, some in zip(self.inside, found, strict=True):
            held_inside.append(some)

    def check(self, which: str, next: str) -> None:
        """Raise an OptionError where rows, such as "the unlabeled examples", have no such column."""
        for name in self.of.kept:
            if name not in self.known:
                offered = [*self.of.task.signature.columns, *self.known, *(s.name for s in self.of.task.slices)]
                near = nearest(name, offered)
                raise OptionError(
                    f"{which} of {self.of.task.name} have no column {quote(name)}, and it is no slice",
                    right=f"they have {', '.join(offered)}",
                    next=f"--groups {near}" if near else next,
                )


@dataclass(frozen=True)
class Division:
    """Groups of the rows to choose from, and of those whose labels tell whom a model fails.

    Attributes:
        of: What makes the groups.
        labeled: The rows that tell; None where nothing is asked of them.
        failures: In the same order.
    """

    of: Strata
    labeled: Roll | None = None
    failures: Failures | None = None

    def divide(self, roll: Roll, pool: Pool) -> tuple[Pool, tuple[tuple[str, ...], Codes]]:
        """The pool with its groups and their risks; the names of the groups, with the group of each row of the pool.

        Numbers are cut into ranges by the rows of the pool and the labeled ones together.

        Raises:
            OptionError: The rows have no such column.
        """
        roll.check("the unlabeled examples", f"tacit add {self.of.task.name} FILE --keep COLUMN")
        rolls = [roll] if self.labeled is None else [roll, self.labeled]
        names, codes = _crossed(self.of, rolls)
        mine = codes[: roll.size]
        if self.labeled is None or self.failures is None:
            return replace(pool, groups=mine), (names, mine)
        return replace(pool, groups=mine, risks=risks(self.failures.wrong, codes[roll.size :], len(names))), (names, mine)


def division(project: Project, of: Strata, failures: Failures | None) -> Division:
    """The division that these failures tell of.

    Raises:
        OptionError: The labeled examples have no such column.
    """
    if failures is None:
        return Division(of)
    roll, place = Roll(of), {id: i for i, id in enumerate(failures.ids)}
    at: list[int] = []
    for batch in project.store.examples(of.task.name, ids=sorted(place), batch=_AT_ONCE):
        mine = [place[e.id] for e in batch]
        columns, extras = thaw_columns(of.task.signature, batch, project.store), [e.extra for e in batch]
        roll.take([e.id for e in batch], columns, extras, classes=failures.classes[mine])
        at += mine
    if not at:
        raise OptionError(
            f"none of the labeled examples that would tell whom a model of {of.task.name} fails is in the store",
            next=f"tacit train {of.task.name}",
        )
    roll.check("the labeled examples", f"tacit add {of.task.name} FILE --label COLUMN --keep {' --keep '.join(of.kept)}")
    told = Failures(tuple(failures.ids[i] for i in at), failures.wrong[at], failures.classes[at])
    return Division(of, roll, told)


def _crossed(of: Strata, rolls: Sequence[Roll]) -> tuple[tuple[str, ...], Codes]:
    """The names of the groups, the largest first, and the group of each row of these rolls, one after the other."""
    parts: list[tuple[Sequence[str], NDArray[Any]]] = []
    for name in of.columns:
        (found,) = crossings({name: [cell for roll in rolls for cell in roll.values.get(name, [])]}, most=_MOST)
        parts.append((found.names, found.codes))
    for i, named in enumerate([f"in {s.name}" for s in of.slices] + [f'with "{cue}"' for cue in of.cues]):
        inside = np.concatenate([some for roll in rolls if roll.inside for some in roll.inside[i]])
        without = f"not {named}" if i < len(of.slices) else named.replace("with", "without", 1)
        parts.append(((without, named), inside.astype(np.int64)))
    output = of.task.signature.output
    if of.cues and isinstance(output, Category) and all(roll.classes for roll in rolls):
        parts.append((output.names, np.concatenate([some for roll in rolls for some in roll.classes])))
    names, codes = functools.reduce(_cross, parts)
    there, codes, sizes = np.unique(codes, return_inverse=True, return_counts=True)
    order = np.argsort(-sizes, kind="stable")
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return tuple(names[there[i]] for i in order.tolist()), place[codes]


def _cross(
    first: tuple[Sequence[str], NDArray[Any]], second: tuple[Sequence[str], NDArray[Any]]
) -> tuple[Sequence[str], NDArray[Any]]:
    pairs, codes = np.unique(first[1].astype(np.int64) * len(second[0]) + second[1], return_inverse=True)
    names = [f"{first[0][a]}, {second[0][b]}" for a, b in (divmod(pair, len(second[0])) for pair in pairs.tolist())]
    return names, codes
