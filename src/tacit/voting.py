"""The verb votes: labeling functions over the stored examples, each asked once for each example while its code stays the same."""

from __future__ import annotations

import io
import json
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.errors import FunctionError, NotLearnable
from tacit.freezing import thaw_inputs
from tacit.functions import LabelingFunction
from tacit.gold import gold
from tacit.labels import FAILED, SHOWN, Failure, FunctionSummary, aggregate, fingerprint, run, summarize
from tacit.progress import Progress, report
from tacit.project import Project, current
from tacit.store import StoredExample
from tacit.tables import number, table
from tacit.tasks import Task
from tacit.types import Category

__all__ = ["Votes", "first_of_each", "votes", "votes_of"]

_UNASKED = -3
_AT_ONCE = 100  # examples that a function is asked about before the next one has its turn
_SAVED_EVERY_S = 5


@dataclass(frozen=True)
class Votes:
    """What the labeling functions said.

    Attributes:
        functions: A summary of each.
        matrix: (n, n_functions) int, classes from 0; -1 abstains.
        probabilities: (n, n_classes) float64, rows sum to 1.
        examples: (n,) ids, in the order of the rows.
        classes: The classes as text, in the order of the columns of `probabilities`.
        failures: Where a function raised, the first 20 of each.
        asked: Examples, in their order, that all functions have been asked about; fewer than there are only where a
            deadline passed, and a function that was not asked counts as if it abstained.
    """

    functions: tuple[FunctionSummary, ...]
    matrix: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    examples: tuple[str, ...]
    classes: tuple[str, ...]
    failures: tuple[Failure, ...]
    asked: int

    @property
    def covered(self) -> float:
        """Share of the examples with at least one vote, from 0 to 1."""
        return float((self.matrix >= 0).any(1).mean()) if len(self.matrix) else 0.0

    def __str__(self) -> str:
        columns = ["function", "coverage", "overlap", "conflict", "estimated", "measured", ""]
        rows = [
            [
                f.name,
                number(f.coverage),
                number(f.overlap),
                number(f.conflict),
                number(f.estimated),
                number(f.measured),
                _remark(f),
            ]
            for f in self.functions
        ]
        title = f"{len(self.functions)} labeling functions cover {self.covered:.1%} of {len(self.examples):,} examples"
        if self.asked < len(self.examples):
            title += f"; all were asked about the first {self.asked:,} in time"
        lines = [table(columns, rows, title=title, right=columns[1:6])]
        lines += [str(failure) for failure in first_of_each(self.failures)]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        return {
            "examples": len(self.examples),
            "covered": self.covered,
            "asked": self.asked,
            "functions": [vars(f) for f in self.functions],
            "failures": [vars(f) for f in self.failures],
        }


def _remark(summary: FunctionSummary) -> str:
    said = [f"raised on {summary.failed:,}"] if summary.failed else []
    return ", ".join(said + ["looks worse than chance"] * summary.suspect)


def first_of_each(failures: Sequence[Failure]) -> list[Failure]:
    """The first failure of each function."""
    return list({f.function: f for f in reversed(failures)}.values())[::-1]


def votes(task: Task[..., Any] | str) -> Votes:
    """Run the labeling functions of a task over its examples.

    A function is asked about an example once, until its code changes; where it raised it is asked again. Test rows are voted on too, so that functions
    can be measured on them; they are never trained on.

    Raises:
        FunctionError: The task has no labeling functions, or one returned a value outside the return type.
        NotLearnable: The return type is not a category.
    """
    project = current()
    return votes_of(project, project.task(task))


def votes_of(project: Project, task: Task[..., Any], *, deadline: float | None = None) -> Votes:
    """The votes of a task of this project; see `votes`.

    Arguments:
        deadline: When to stop asking, as `time.monotonic` tells it; what was said until then is used, and kept.
    """
    output = task.signature.output
    if not task.labeling_functions:
        raise FunctionError(
            f"{task.name} has no labeling functions",
            where=task.where,
            next=f"write @{task.name}.labeling_function above a function of its inputs",
        )
    if not isinstance(output, Category):
        raise NotLearnable(
            f"{task.name} returns {output}; labeling functions vote on categories",
            where=task.where,
            next="return bool, a Literal or an Enum",
        )
    ids, books = _collect(project, task, output, math.inf if deadline is None else deadline)
    votes = np.column_stack([book.votes for book in books]).astype(np.int64)
    matrix = np.maximum(votes, -1)
    said = aggregate(matrix, len(output.classes))
    names, failed = [f.name for f in task.labeling_functions], (votes == FAILED).sum(0).tolist()
    summaries = summarize(names, matrix, failed, said, _measured(project, task, output, ids, matrix), len(output.classes))
    failures = tuple(failure for book in books for failure in book.failures.values())
    asked = min(book.asked for book in books)
    return Votes(tuple(summaries), matrix, said.probabilities, tuple(ids), output.names, failures, asked)


def _measured(
    project: Project, task: Task[..., Any], output: Category, ids: Sequence[str], matrix: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Accuracy of each function against labels alone; NaN where none of its votes is on a labeled example."""
    labeled, target = gold(project, task)
    truth = dict(zip(labeled, target.argmax(1), strict=True))
    known = np.array([truth.get(i, -1) for i in ids], np.int64)
    rows = known >= 0
    return aggregate(matrix[rows], len(output.classes), gold=known[rows]).accuracies


class _Book:
    """One function's votes on the examples of a task, in the order of the store, while they are gathered.

    Attributes:
        votes: (n,) int16, classes from 0; -1 abstained, -2 raised, -3 not asked yet.
        asked: How many, from the first on, it was asked about; `upto` is the number that the store gave the last of them.
        failures: Example -> what happened there, of the first 20.
        changed: Whether the store does not have it so.
    """

    def __init__(self, project: Project, task: Task[..., Any], function: LabelingFunction, output: Category, n: int) -> None:
        self.function, self.output = function, output
        self.fingerprint = fingerprint(function.function, output.names)
        self.votes = np.full(n, _UNASKED, np.int16)
        self.asked = self.upto = 0
        self.failures: dict[str, Failure] = {}
        self.changed = False
        stored = project.store.votes(task.name).get(function.name)
        if stored is not None and stored.fingerprint == self.fingerprint:
            arrays = np.load(io.BytesIO(stored.data), allow_pickle=False)
            self.asked, self.upto = min(n, len(arrays["votes"])), stored.upto_seq
            self.votes[: self.asked] = arrays["votes"][: self.asked]
            self.failures = {f["example"]: Failure(**f) for f in json.loads(str(arrays["failures"]))}

    def ask(self, start: int, batch: Sequence[StoredExample], inputs: Sequence[Mapping[str, Any]], deadline: float) -> None:
        """Ask about those examples of a batch, of which the first is number `start`, that have no answer yet."""
        due = np.flatnonzero(self.votes[start : start + len(batch)] <= FAILED).tolist()
        said = run(self.function, self.output, [inputs[i] for i in due], [batch[i].id for i in due], deadline=deadline)
        done = due[: len(said.votes)]
        if not done:
            return
        self.votes[[start + i for i in done]] = said.votes
        for i in done:
            self.failures.pop(batch[i].id, None)
        self.failures |= {f.example: f for f in said.failures[: SHOWN - len(self.failures)]}
        if start + done[-1] >= self.asked:
            self.asked, self.upto = start + done[-1] + 1, batch[done[-1]].seq
        self.changed = True

    def save(self, project: Project, task: Task[..., Any]) -> None:
        """Keep what was said so far, unless the store has it."""
        if not self.changed:
            return
        out = io.BytesIO()
        failures = json.dumps([vars(f) for f in self.failures.values()])
        np.savez_compressed(out, votes=self.votes[: self.asked], failures=np.array(failures))
        project.store.save_votes(task.name, self.function.name, self.fingerprint, self.upto, out.getvalue())
        self.changed = False


def _collect(project: Project, task: Task[..., Any], output: Category, deadline: float) -> tuple[list[str], list[_Book]]:
    """Every function's votes on every stored example; those already given by the same code come from the store.

    What was said is kept every few seconds, and when anything ends this early.
    """
    count = project.store.count(task.name)
    books = [_Book(project, task, f, output, count.examples) for f in task.labeling_functions]
    ids: list[str] = []
    saved = time.monotonic()
    try:
        for batch in project.store.examples(task.name, upto=count.last_example_seq):
            start = len(ids)
            ids += [e.id for e in batch]
            due = [book for book in books if np.any(book.votes[start : len(ids)] <= FAILED)]
            if not due or time.monotonic() >= deadline:
                continue
            inputs = thaw_inputs(task.signature, batch, project.store)
            for i in range(0, len(batch), _AT_ONCE):
                for book in due:
                    book.ask(start + i, batch[i : i + _AT_ONCE], inputs[i : i + _AT_ONCE], deadline)
                report(
                    Progress(
                        f"asking the labeling functions of {task.name}", min(start + i + _AT_ONCE, len(ids)), len(books[0].votes)
                    )
                )
                if time.monotonic() - saved > _SAVED_EVERY_S:
                    for book in due:
                        book.save(project, task)
                    saved = time.monotonic()
    finally:
        for book in books:
            book.save(project, task)
    return ids, books
