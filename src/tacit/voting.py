"""The verb votes: labeling functions over the stored examples, each asked once for each example while its code stays the same."""

from __future__ import annotations

import io
import json
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.asking import FAILED, SHOWN, SPOILED, UNASKED, Ballot, Failure, Tokens, voter
from tacit.errors import FunctionError, NotLearnable, TacitError
from tacit.freezing import thaw_inputs
from tacit.functions import LabelingFunction
from tacit.gold import gold
from tacit.labels import FunctionSummary, aggregate, summarize
from tacit.progress import Progress, report
from tacit.project import Project, current
from tacit.store import StoredExample
from tacit.tables import number, table
from tacit.tasks import Task
from tacit.types import Category

__all__ = ["Votes", "first_of_each", "votes", "votes_of"]

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
        failures: Where a function failed, the first 20 of each.
        asked: Examples, in their order, that all functions have been asked about; fewer than there are only where a
            deadline passed, and a function that was not asked counts as if it abstained.
        known: (n,) int, the class that labels give an example, -1 where there is none or it is a test row. They tell how far each
            function is to be trusted.
        notes: What else a reader should know: functions that were too slow, costs that are not known.
        trouble: Why a language model was not asked about all, if somebody has to mend something first.
    """

    functions: tuple[FunctionSummary, ...]
    matrix: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    examples: tuple[str, ...]
    classes: tuple[str, ...]
    failures: tuple[Failure, ...]
    asked: int
    known: NDArray[np.int64]
    notes: tuple[str, ...] = ()
    trouble: TacitError | None = None

    @property
    def cost(self) -> float | None:
        """USD that the votes of language models cost, also those from the store; None where no price is known."""
        known = [f.cost for f in self.functions if f.cost is not None]
        return sum(known) if known else None

    @property
    def covered(self) -> float:
        """Share of the examples with at least one vote, from 0 to 1."""
        return float((self.matrix >= 0).any(1).mean()) if len(self.matrix) else 0.0

    def without(self, hidden: NDArray[np.bool_]) -> NDArray[np.float64]:
        """`probabilities` as they are if the labels of some examples, (n,) bool, are not known."""
        return aggregate(self.matrix, len(self.classes), gold=np.where(hidden, -1, self.known)).probabilities

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
        lines += [f"{f.name} cost ${f.cost:.5f}: {f.tokens:,} tokens." for f in self.functions if f.cost is not None]
        lines += [f"note: {note}" for note in self.notes]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        return {
            "examples": len(self.examples),
            "covered": self.covered,
            "asked": self.asked,
            "cost": self.cost,
            "functions": [vars(f) for f in self.functions],
            "failures": [vars(f) for f in self.failures],
            "notes": list(self.notes),
        }


def _remark(summary: FunctionSummary) -> str:
    said = [f"failed on {summary.failed:,}"] if summary.failed else []
    return ", ".join(said + ["looks worse than chance"] * summary.suspect)


def first_of_each(failures: Sequence[Failure]) -> list[Failure]:
    """The first failure of each function."""
    return list({f.function: f for f in reversed(failures)}.values())[::-1]


def votes(task: Task[..., Any] | str) -> Votes:
    """Run the labeling functions of a task over its examples.

    A function is asked about an example once, until its code changes, a language model until its name, its prompt or the
    classes do; where it failed it is asked again. Test rows are voted on too, so that functions can be measured on them;
    they are never trained on.

    Raises:
        FunctionError: The task has no labeling functions, or one returned a value outside the return type.
        EndpointError: A language model cannot be asked. The others were, and what was said is kept.
        NotLearnable: The return type is not a category.
    """
    project = current()
    said = votes_of(project, project.task(task))
    if said.trouble is not None:
        raise said.trouble
    return said


def votes_of(
    project: Project, task: Task[..., Any], *, upto: int | None = None, last: int | None = None, deadline: float | None = None
) -> Votes:
    """The votes of a task of this project; see `votes`.

    Arguments:
        upto: Only labels given until then are known, as the store numbers them.
        last: Only examples added until then are there, as the store numbers them.
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
    ids, tests, books = _collect(project, task, output, last, math.inf if deadline is None else deadline)
    votes = np.column_stack([book.votes[: len(ids)] for book in books]).astype(np.int64)
    matrix = np.maximum(votes, -1)
    truth = {i: int(target.argmax()) for i, target in gold(project, task, upto=upto).truth.items()}
    known = np.array([truth.get(i, -1) for i in ids], np.int64)
    learned = np.where(tests, -1, known)
    said = aggregate(matrix, len(output.classes), gold=learned)
    estimated = aggregate(matrix, len(output.classes)).accuracies if np.any(learned >= 0) else said.accuracies
    names, failed = [f.name for f in task.labeling_functions], np.isin(votes, (FAILED, SPOILED)).sum(0).tolist()
    summaries = summarize(names, matrix, failed, said, estimated, known, len(output.classes))
    functions = tuple(replace(s, **book.spent) for s, book in zip(summaries, books, strict=True))
    return Votes(
        functions,
        matrix,
        said.probabilities,
        tuple(ids),
        output.names,
        failures=tuple(failure for book in books for failure in book.failures.values()),
        asked=min((min(book.asked, len(ids)) for book in books if not book.voter.stopped), default=len(ids)),
        known=learned,
        notes=tuple(note for book in books for note in book.voter.notes(book.tokens)),
        trouble=next((book.voter.trouble for book in books if book.voter.trouble is not None), None),
    )


class _Book:
    """One function's votes on the examples of a task, in the order of the store, while they are gathered.

    Attributes:
        voter: The function, being asked.
        votes: (n,) int16, classes from 0, or what stands for one.
        upto: The number that the store gave the last example up to which it was asked about all.
        tokens: What its votes took, those from the store too.
        failures: Example -> what happened there, of the first 20.
        changed: Whether the store does not have it so.
    """

    def __init__(self, project: Project, task: Task[..., Any], function: LabelingFunction, output: Category, n: int) -> None:
        self.function, self.voter = function, voter(function, output)
        self.votes = np.full(n, UNASKED, np.int16)
        self.upto = 0
        self.tokens = Tokens()
        self.failures: dict[str, Failure] = {}
        self.changed = False
        stored = project.store.votes(task.name).get(function.name)
        if stored is not None and stored.fingerprint == self.voter.fingerprint:
            arrays = np.load(io.BytesIO(stored.data), allow_pickle=False)
            known = arrays["votes"][:n]
            self.votes[: len(known)], self.upto = known, stored.upto_seq
            self.tokens = Tokens(*arrays["tokens"].tolist())
            self.failures = {f["example"]: Failure(**f) for f in json.loads(str(arrays["failures"]))}

    @property
    def asked(self) -> int:
        """How many examples, from the first on, it was asked about."""
        return int(np.argmax(np.append(self.votes, UNASKED) == UNASKED))

    @property
    def spent(self) -> dict[str, Any]:
        """What its votes took and cost."""
        cost = self.voter.cost(self.tokens) if any(self.tokens) else None
        return {"tokens": self.tokens.sent + self.tokens.received, "cost": cost}

    def due(self, start: int, stop: int) -> list[int]:
        """Which of some examples it is to be asked about, for the first time or again: how far each is behind the first.

        Those where it failed come last, since several failures in a row may end the asking.
        """
        if self.voter.stopped:
            return []
        return [int(i) for vote in (UNASKED, FAILED) for i in np.flatnonzero(self.votes[start:stop] == vote)]

    def ask(self, start: int, batch: Sequence[StoredExample], inputs: Sequence[Mapping[str, Any]], deadline: float) -> None:
        """Ask about those examples of a batch, of which the first is number `start`, that have no answer yet."""
        due = self.due(start, start + len(batch))
        if not due:
            return
        ballot = Ballot.blank(len(due))
        try:
            self.voter.ask([inputs[i] for i in due], [batch[i].id for i in due], ballot, deadline)
        finally:  # Ctrl-C and a wrong value lose nothing that was said before
            self._count(start, batch, due, ballot)

    def _count(self, start: int, batch: Sequence[StoredExample], due: Sequence[int], ballot: Ballot) -> None:
        said = [(i, vote) for i, vote in zip(due, ballot.votes, strict=True) if vote != UNASKED]
        if not said:
            return
        self.votes[[start + i for i, _ in said]] = [vote for _, vote in said]
        for i, _ in said:
            self.failures.pop(batch[i].id, None)
        self.failures |= {f.example: f for f in ballot.failures[: SHOWN - len(self.failures)]}
        self.tokens = self.tokens.plus(ballot.tokens)
        if start < (asked := self.asked) <= start + len(batch):
            self.upto = batch[asked - start - 1].seq
        self.changed = True

    def save(self, project: Project, task: Task[..., Any]) -> None:
        """Keep what was said so far, unless the store has it."""
        if not self.changed:
            return
        out = io.BytesIO()
        failures = json.dumps([vars(f) for f in self.failures.values()])
        known = self.votes[: int(np.max(np.flatnonzero(self.votes != UNASKED), initial=-1)) + 1]
        np.savez_compressed(out, votes=known, failures=np.array(failures), tokens=np.array(self.tokens, np.int64))
        project.store.save_votes(task.name, self.function.name, self.voter.fingerprint, self.upto, out.getvalue())
        self.changed = False


def _collect(
    project: Project, task: Task[..., Any], output: Category, last: int | None, deadline: float
) -> tuple[list[str], NDArray[np.bool_], list[_Book]]:
    """Every function's votes on every stored example; those already given by the same code come from the store.

    What was said is kept every few seconds, and when anything ends this early.

    Returns:
        Ids; which of them are test rows; and the votes of each function.
    """
    count = project.store.count(task.name)
    books = [_Book(project, task, f, output, count.examples) for f in task.labeling_functions]
    ids: list[str] = []
    tests: list[bool] = []
    saved = time.monotonic()
    try:
        for batch in project.store.examples(task.name, upto=count.last_example_seq if last is None else last):
            start = len(ids)
            ids += [e.id for e in batch]
            tests += [e.split == "test" for e in batch]
            due = [book for book in books if book.due(start, len(ids))]
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
    return ids, np.array(tests, bool), books
