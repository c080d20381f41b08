"""Candidates: labeling functions to paste, written from cues that tell a class."""

from __future__ import annotations

import enum
import keyword
import typing
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from tacit.mining.conditions import Condition, literal
from tacit.mining.mined import Mined
from tacit.tasks import Signature, Task
from tacit.types import Category, Kind, Maybe, Record

__all__ = ["Candidate", "candidates"]


@dataclass(frozen=True)
class Candidate:
    """A labeling function that nobody wrote yet. It votes on exactly the examples that the figures are of.

    Attributes:
        name: Of the function.
        cue: When it votes, as people read it.
        label: What it votes, as text.
        coverage: The share of examples that it votes on, 0 to 1.
        new: The share on which no function and no candidate before it votes the same.
        precision: How often it is right where there is a label, 0 to 1; the best of many, so that it flatters.
        at_least: The lower end of its 95 % interval, widened for all cues that were looked at.
        judged: On how many labels it was measured.
        code: Python to paste below the task, with the import that it needs.
    """

    name: str
    cue: str
    label: str
    coverage: float
    new: float
    precision: float
    at_least: float
    judged: int
    code: str


def candidates(task: Task[..., Any], mined: Sequence[Mined], n: int, taken: Collection[str]) -> tuple[Candidate, ...]:
    """A function for each cue whose code can be written.

    Arguments:
        task: Returns a category.
        mined: The cues, with the classes they tell.
        n: How many examples there are.
        taken: Names that a function may not have.
    """
    output = task.signature.output
    assert isinstance(output, Category)
    used = {*taken, *task.signature.inputs, *keyword.kwlist, task.name, "re"}
    variable = _variable(task)
    made = []
    for one in mined:
        if _hidden(task.signature, one.cue):
            continue
        name = _free(one.cue.name, used)
        used.add(name)
        code = _written(name, variable, task.signature, one.cue, _answer(output, one.label))
        made.append(
            Candidate(
                name,
                str(one.cue),
                output.names[one.label],
                len(one.rows) / n,
                one.new / n,
                one.right / one.judged,
                one.at_least,
                one.judged,
                code,
            )
        )
    return tuple(made)


def _written(name: str, variable: str, signature: Signature, cue: Condition, answer: str) -> str:
    condition = _condition(signature, cue)
    lines = [f"import {cue.imports}", "", ""] if cue.imports else []
    lines += [f"@{variable}.labeling_function", f"def {name}({', '.join(signature.inputs)}):"]
    return "\n".join([*lines, f"    if {condition}:", f"        return {answer}", ""])


def _condition(signature: Signature, cue: Condition) -> str:
    access, may_be_missing = _access(signature, cue.column)
    test = cue.test(access)
    return f"{access} is not None and {test}" if may_be_missing and not cue.bears_missing else test


def _access(signature: Signature, column: str) -> tuple[str, bool]:
    """The expression that reads a column in a labeling function, and whether it may be None."""
    kind: Kind = signature.columns[column]
    parameter, _, inner = column.partition(".")
    if signature.record:
        parameter, inner = signature.record[0], column
    holder = signature.inputs[parameter]
    if not isinstance(holder, Record):
        return column, isinstance(kind, Maybe)
    if typing.is_typeddict(holder.made_of):
        read = f"{parameter}.get({literal(inner)})" if inner in holder.optional else f"{parameter}[{literal(inner)}]"
    elif inner.isidentifier() and not keyword.iskeyword(inner):
        read = f"{parameter}.{inner}"
    else:
        read = f"getattr({parameter}, {literal(inner)})"
    return read, isinstance(kind, Maybe) or inner in holder.optional


def _hidden(signature: Signature, cue: Condition) -> bool:
    """Whether a parameter hides a name that the code needs, as one called `len` does."""
    called = (name for name in signature.inputs if f"{name}(" in cue.test(""))
    return cue.imports in signature.inputs or any(called)


def _answer(output: Category, label: int) -> str:
    """A class as Python source. The name of an Enum's member is taken for it, and needs no import."""
    value = output.classes[label]
    if isinstance(value, enum.Enum):
        value = value.name if output.parse(value.name) is value else output.names[label]
    return literal(value)


def _variable(task: Task[..., Any]) -> str:
    """What the task is called in its file."""
    names = getattr(task.function, "__globals__", {})
    own = str(getattr(task.function, "__name__", task.name))
    return own if names.get(own) is task else next((n for n, value in names.items() if value is task), own)


def _free(wish: str, used: Collection[str]) -> str:
    name, count = wish, 1
    while name in used:
        count += 1
        name = f"{wish}_{count}"
    return name
