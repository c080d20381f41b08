"""Every error that tacit raises on purpose, as one tree.

    TacitError
    ├── TaskError             a task cannot be understood or found
    │   ├── SignatureError        the function's types are missing or not understood
    │   ├── TaskNameError         the name cannot be used for a task
    │   └── UnknownTask           no task of that name in the project
    ├── DataError             rows that do not fit the task
    │   ├── FileError             a file cannot be read
    │   ├── ColumnError           a column is missing or doubled, or stored examples do not fit the parameters
    │   └── RowsError             none of the rows fits
    ├── LabelError            labels or labeling functions
    │   ├── OutsideType           a value is not of the task's return type
    │   ├── FunctionError         a labeling function or slice raised, or returned nonsense
    │   ├── EndpointError         a language model that votes cannot be asked
    │   ├── UnknownExample        no example has that id
    │   └── UnknownPrediction     no logged prediction has that id
    ├── TrainingError         nothing can be learned as asked
    │   ├── NotLearnable          the type is understood but no learner takes it yet
    │   ├── TooFewLabels          not enough labels, or only one class
    │   └── BudgetError           the budget ends before any model is trained
    ├── ModelError            trained models and releases
    │   ├── NoModel               the task has no trained model yet
    │   ├── ArtifactError         a model's files are missing or damaged
    │   └── GateError             the new model does no better than the live one
    ├── SelectionError        there is not enough to select from
    ├── StoreError            the database
    │   ├── StoreTooNew           written by a newer tacit
    │   └── StoreUnavailable      full, locked, read-only or damaged
    ├── OptionError           an argument has a value that cannot be used
    └── MissingExtra          a part of tacit that is not installed

A message has four parts: what happened, where, what would be right, and `next:` with one line to type.
"""

from __future__ import annotations

import difflib
import functools
import json
import re
from collections.abc import Iterable
from typing import Any

__all__ = [
    "ArtifactError",
    "BudgetError",
    "ColumnError",
    "DataError",
    "EndpointError",
    "FileError",
    "FunctionError",
    "GateError",
    "LabelError",
    "MissingExtra",
    "ModelError",
    "NoModel",
    "NotLearnable",
    "OptionError",
    "OutsideType",
    "RowsError",
    "SelectionError",
    "SignatureError",
    "StoreError",
    "StoreTooNew",
    "StoreUnavailable",
    "TacitError",
    "TaskError",
    "TaskNameError",
    "TooFewLabels",
    "TrainingError",
    "UnknownExample",
    "UnknownPrediction",
    "UnknownTask",
    "nearest",
    "quote",
]


class TacitError(Exception):
    """The root of the tree: a sentence that ends with what to do next.

    Arguments:
        what: What happened, with names and values.
        where: A place: `file:line`, or a row and a field.
        right: What would have been right.
        next: One line to type or write.
    """

    def __init__(self, what: str, *, next: str, where: str | None = None, right: str | None = None) -> None:
        self.what, self.where, self.right, self.next = what, where, right, next
        super().__init__(what, where, right, next)

    @property
    def kind(self) -> str:
        """The class in words, as HTTP and `--json` spell it: `TooFewLabels` is "too few labels"."""
        return re.sub(r"(?<!^)(?=[A-Z])", " ", type(self).__name__.removesuffix("Error")).lower()

    @property
    def message(self) -> str:
        """All parts but `next`, as one line."""
        what = self.what.rstrip(".") + (f"; {self.right.rstrip('.')}" if self.right else "")
        what += "" if what.endswith("?") else "."
        return what + (f"  at {self.where}." if self.where else "")

    def __str__(self) -> str:
        return f"{self.message}  next: {self.next}"

    def __reduce__(self) -> tuple[Any, ...]:
        # The parts are keywords, which exceptions do not pass on by themselves when they leave a worker process.
        return functools.partial(type(self), self.what, where=self.where, right=self.right, next=self.next), ()

    def to_dict(self) -> dict[str, str]:
        """What `--json` and HTTP print."""
        return {"kind": self.kind, "message": self.message, "next": self.next}


class TaskError(TacitError):
    """A task cannot be understood or found."""


class SignatureError(TaskError):
    """The function's types are missing or not understood."""


class TaskNameError(TaskError):
    """The name cannot be used for a task."""


class UnknownTask(TaskError):
    """No task of that name is in the project."""


class DataError(TacitError):
    """Rows do not fit the task."""


class FileError(DataError):
    """A file cannot be read."""


class ColumnError(DataError):
    """A column is missing or doubled, or stored examples do not fit the parameters any more."""


class RowsError(DataError):
    """None of the rows fits the task."""


class LabelError(TacitError):
    """Labels or labeling functions cannot be used."""


class OutsideType(LabelError):
    """A value is not of the task's return type."""


class FunctionError(LabelError):
    """A labeling function or slice raised an exception, or returned something it may not."""


class EndpointError(LabelError):
    """A language model that votes cannot be asked: its server is out of reach, or refuses."""


class UnknownExample(LabelError):
    """No example has that id."""


class UnknownPrediction(LabelError):
    """No logged prediction of the task has that id."""


class TrainingError(TacitError):
    """Nothing can be learned as asked."""


class NotLearnable(TrainingError):
    """The type is understood but no learner takes it yet."""


class TooFewLabels(TrainingError):
    """There are not enough labels, or they are all of one class."""


class BudgetError(TrainingError):
    """The budget ends before any model is trained."""


class ModelError(TacitError):
    """A trained model or a release cannot be used."""


class NoModel(ModelError):
    """The task has no trained model yet."""


class ArtifactError(ModelError):
    """A model's files are missing or damaged."""


class GateError(ModelError):
    """The new model does no better than the live one."""


class SelectionError(TacitError):
    """There is not enough to select from."""


class StoreError(TacitError):
    """The database cannot be used."""


class StoreTooNew(StoreError):
    """The store was written by a newer tacit."""


class StoreUnavailable(StoreError):
    """The store is full, locked, read-only or damaged."""


class OptionError(TacitError):
    """An argument has a value that cannot be used."""


class MissingExtra(TacitError):
    """A part of tacit that this needs is not installed."""


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The one of `words` that `word` was most likely meant to be, or None.

    Example:
        >>> nearest("negatve", ["positive", "negative"])
        'negative'
    """
    if len(word) > 200:
        return None  # no slip of the pen, and comparing long texts takes seconds
    known = {w.lower(): w for w in words}
    found = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return known[found[0]] if found else None


def quote(value: object, *, length: int = 60) -> str:
    """A value as a message shows it: text in double quotes, long values cut, what is not printable escaped.

    Example:
        >>> quote("negatve"), quote(7)
        ('"negatve"', '7')
    """
    if isinstance(value, str | bytes):
        value = value[: length + 1]
    try:
        shown = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else " ".join(repr(value).split())
    except Exception:  # a user's own class, or an int of more digits than Python writes
        shown = f"<{type(value).__name__}>"
    shown = re.sub(r"[^ -~]", _escaped, shown)
    return shown if len(shown) <= length else shown[: length - 3] + "..."


def _escaped(character: re.Match[str]) -> str:
    return character[0] if character[0].isprintable() else json.dumps(character[0])[1:-1]
