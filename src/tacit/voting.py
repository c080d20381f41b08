"""The verb votes: labeling functions over the stored examples, each asked once for each example while its code stays the same."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.errors import FunctionError, NotLearnable
from tacit.freezing import thaw_inputs
from tacit.gold import gold
from tacit.labels import Failure, FunctionSummary, aggregate, fingerprint, run, summarize
from tacit.progress import Progress, report
from tacit.project import Project, current
from tacit.store import StoredExample
from tacit.tables import number, table
from tacit.tasks import LabelingFunction, Task
from tacit.types import Category

__all__ = ["Votes", "first_of_each", "votes", "votes_of"]


@dataclass(frozen=True)
class Votes:
    """What the labeling functions said.

    Attributes:
        functions: A summary of each.
        matrix: (n, n_functions) int, classes from 0; -1 abstains.
        probabilities: (n, n_classes) float64, rows sum to 1.
        examples: (n,) ids, in the order of the rows.
        classes: The classes as text, in the order of the columns of `probabilities`.
        failures: Where a function raised.
    """

    functions: tuple[FunctionSummary, ...]
    matrix: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    examples: tuple[str, ...]
    classes: tuple[str, ...]
    failures: tuple[Failure, ...]

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
        lines = [table(columns, rows, title=title, right=columns[1:6])]
        lines += [str(failure) for failure in first_of_each(self.failures)]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        return {
            "examples": len(self.examples),
            "covered": self.covered,
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

    A function is asked about an example once, until its code changes. Test rows are voted on too, so that functions
    can be measured on them; they are never trained on.

    Raises:
        FunctionError: The task has no labeling functions, or one returned a value outside the return type.
        NotLearnable: The return type is not a category.
    """
    project = current()
    return votes_of(project, project.task(task))


def votes_of(project: Project, task: Task[..., Any]) -> Votes:
    """The votes of a task of this project; see `votes`."""
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
    ids, matrix, failures = _collect(project, task, output)
    said = aggregate(matrix, len(output.classes))
    names = [f.name for f in task.labeling_functions]
    failed = [sum(f.function == n for f in failures) for n in names]
    summaries = summarize(names, matrix, failed, said, _measured(project, task, output, ids, matrix), len(output.classes))
    return Votes(tuple(summaries), matrix, said.probabilities, tuple(ids), output.names, tuple(failures))


def _measured(
    project: Project, task: Task[..., Any], output: Category, ids: Sequence[str], matrix: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Accuracy of each function against labels alone; NaN where none of its votes is on a labeled example."""
    labeled, target = gold(project, task)
    truth = dict(zip(labeled, target.argmax(1), strict=True))
    known = np.array([truth.get(i, -1) for i in ids], np.int64)
    rows = known >= 0
    return aggregate(matrix[rows], len(output.classes), gold=known[rows]).accuracies


def _collect(project: Project, task: Task[..., Any], output: Category) -> tuple[list[str], NDArray[np.int64], list[Failure]]:
    """Every function's votes on every stored example; those already given by the same code come from the store."""
    functions = task.labeling_functions
    books = [_book(project, task, f, output) for f in functions]
    total = project.store.count(task.name).examples
    ids: list[str] = []
    for batch in project.store.examples(task.name):
        ids += [e.id for e in batch]
        due = [j for j, book in enumerate(books) if book.upto < batch[-1].seq]
        if due:
            inputs = thaw_inputs(task.signature, batch, project.store)
            for j in due:
                books[j] = _extend(books[j], functions[j], output, batch, inputs)
            report(Progress(f"asking the labeling functions of {task.name}", len(ids), total))
    for function, book in zip(functions, books, strict=True):
        project.store.save_votes(task.name, function.name, book.fingerprint, book.upto, _to_bytes(book))
    matrix = np.column_stack([b.votes for b in books]).astype(np.int64) if ids else np.zeros((0, len(books)), np.int64)
    return ids, matrix, [failure for b in books for failure in b.failures]


@dataclass(frozen=True)
class _Book:
    """One function's votes on the examples up to one of them, in the order of the store."""

    fingerprint: str
    upto: int
    votes: NDArray[np.int16]
    failures: tuple[Failure, ...]


def _book(project: Project, task: Task[..., Any], function: LabelingFunction, output: Category) -> _Book:
    """What the store has of this very code, or an empty book."""
    code = fingerprint(function.function, output.names)
    stored = project.store.votes(task.name).get(function.name)
    if stored is None or stored.fingerprint != code:
        return _Book(code, 0, np.zeros(0, np.int16), ())
    arrays = np.load(io.BytesIO(stored.data), allow_pickle=False)
    return _Book(code, stored.upto_seq, arrays["votes"], tuple(Failure(**f) for f in json.loads(str(arrays["failures"]))))


def _extend(
    book: _Book, function: LabelingFunction, output: Category, batch: Sequence[StoredExample], inputs: Sequence[Mapping[str, Any]]
) -> _Book:
    """The book with the votes on those examples of the batch that it does not have yet."""
    fresh = [row for row, example in enumerate(batch) if example.seq > book.upto]
    said = run(function, output, [inputs[row] for row in fresh], [batch[row].id for row in fresh])
    return _Book(book.fingerprint, batch[-1].seq, np.concatenate([book.votes, said.votes]), book.failures + said.failures)


def _to_bytes(book: _Book) -> bytes:
    out = io.BytesIO()
    np.savez_compressed(out, votes=book.votes, failures=np.array(json.dumps([vars(f) for f in book.failures])))
    return out.getvalue()
