"""The verb votes: labeling functions over the stored examples, and what their votes come to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.asking import FAILED, SPOILED, Failure, classes_of
from tacit.errors import FunctionError, NotLearnable, TacitError
from tacit.gold import truth
from tacit.labels import FunctionSummary
from tacit.polling import poll
from tacit.project import Project, current
from tacit.tables import number, table
from tacit.tasks import Task
from tacit.types import Category, MultiCategory, Number, SpanList
from tacit.verdicts import Said, Verdict, reached

__all__ = ["Votes", "first_of_each", "votes", "votes_of"]


@dataclass(frozen=True)
class Votes:
    """What the labeling functions said.

    Attributes:
        functions: A summary of each.
        verdict: What the votes come to.
        examples: (n,) ids, in the order of the rows.
        classes: The classes as text, in the order of the columns of `probabilities`, or as spans number them; none of a number.
        failures: Where a function failed, the first 20 of each.
        asked: Examples, in their order, that all functions have been asked about; fewer than there are only where a
            deadline passed, and a function that was not asked counts as if it abstained.
        there: (n, n_functions) bool, whether a function voted.
        notes: What else a reader should know: functions that were too slow, costs that are not known.
        trouble: Why a language model was not asked about all, if somebody has to mend something first.
    """

    functions: tuple[FunctionSummary, ...]
    verdict: Verdict
    examples: tuple[str, ...]
    classes: tuple[str, ...]
    failures: tuple[Failure, ...]
    asked: int
    there: NDArray[np.bool_]
    notes: tuple[str, ...] = ()
    trouble: TacitError | None = None

    @property
    def matrix(self) -> NDArray[Any]:
        """(n, n_functions) int, classes from 0; -1 abstains. Of numbers float64, NaN abstains; of sets (n, n_functions, n_classes)."""
        return self.verdict.matrix

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """(n, n_classes) float64; rows sum to 1, but for sets. Of numbers and spans no columns, see `values`."""
        return self.verdict.probabilities

    @property
    def values(self) -> Sequence[Any] | None:
        """(n,) of numbers what each example's votes come to, NaN without any; of spans the marks of each, (start, end, class); else None."""
        return self.verdict.values

    @property
    def cost(self) -> float | None:
        """USD that the votes of language models cost, also those from the store; None where no price is known."""
        known = [f.cost for f in self.functions if f.cost is not None]
        return sum(known) if known else None

    @property
    def covered(self) -> float:
        """Share of the examples with at least one vote, from 0 to 1."""
        return float(self.there.any(1).mean()) if len(self.there) else 0.0

    def __str__(self) -> str:
        columns = ["function", "coverage", "overlap", "conflict", *self.verdict.columns, ""]
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
            "columns": dict(zip(("estimated", "measured"), self.verdict.columns, strict=True)),
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
        NotLearnable: Functions cannot vote on the return type.
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
    if not isinstance(output, Category | MultiCategory | Number | SpanList):
        raise NotLearnable(
            f"{task.name} returns {output}; labeling functions vote on classes, sets of classes, numbers and spans",
            where=task.where,
            next="return bool, a Literal, an Enum, a set of these, a number or a list of spans",
        )
    said = poll(project, task, last=last, deadline=math.inf if deadline is None else deadline)
    ids, books = said.ids, said.books
    codes = np.column_stack([book.votes[: len(ids)] for book in books]).astype(np.int64)
    more = [None if book.more is None else book.more[: len(ids)] for book in books]
    failed = np.isin(codes, (FAILED, SPOILED)).sum(0).tolist()
    names = [f.name for f in task.labeling_functions]
    known = truth(project, task, upto=upto)
    verdict = reached(Said(names, codes, more, failed), output, ids, known, said.tests)
    return Votes(
        tuple(replace(s, **book.spent) for s, book in zip(verdict.functions, books, strict=True)),
        verdict,
        ids,
        () if isinstance(output, Number) else classes_of(output),
        failures=tuple(failure for book in books for failure in book.failures.values()),
        asked=min((min(book.asked, len(ids)) for book in books if not book.voter.stopped), default=len(ids)),
        there=codes >= 0,
        notes=tuple(note for book in books for note in book.voter.notes(book.tokens)),
        trouble=next((book.voter.trouble for book in books if book.voter.trouble is not None), None),
    )
