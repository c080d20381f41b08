"""Asking the labeling functions of a task about its examples, each once while its code stays the same, and keeping what they say."""

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

from tacit.asking import FAILED, SHOWN, UNASKED, Ballot, Failure, Tokens, blank, voter
from tacit.freezing import thaw_inputs
from tacit.functions import LabelingFunction
from tacit.progress import Progress, report
from tacit.project import Project
from tacit.store import StoredExample
from tacit.tasks import Task
from tacit.types import Kind

__all__ = ["Book", "Poll", "poll"]

_AT_ONCE = 100  # examples that a function is asked about before the next one has its turn
_SAVED_EVERY_S = 5


@dataclass(frozen=True)
class Poll:
    """What was said.

    Attributes:
        ids: The examples, in the order of the store.
        tests: (n,) bool, which of them are test rows.
        books: The votes of each function; they may go on beyond these examples.
    """

    ids: tuple[str, ...]
    tests: NDArray[np.bool_]
    books: tuple[Book, ...]


class Book:
    """One function's votes on the examples of a task, in the order of the store, while they are gathered.

    Attributes:
        voter: The function, being asked.
        votes: (n,) int16, the codes of votes, or what stands for one.
        more: What the codes do not hold, see `tacit.asking.blank`; None while they hold everything.
        upto: The number that the store gave the last example up to which it was asked about all.
        tokens: What its votes took, those from the store too.
        failures: Example -> what happened there, of the first 20.
        changed: Whether the store does not have it so.
    """

    def __init__(self, project: Project, task: Task[..., Any], function: LabelingFunction, output: Kind, n: int) -> None:
        self.function, self.voter = function, voter(function, output)
        self.votes = np.full(n, UNASKED, np.int16)
        self.more: NDArray[Any] | None = None
        self._output, self._saving_s, self._saved = output, 0.0, time.monotonic()
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
            if "more" in arrays:
                kept, self.more = arrays["more"], blank(output, n)
                self.more[: len(known)] = (
                    kept[:n] if kept.ndim else np.array([*json.loads(str(kept)), None], object)[: len(known)]
                )

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
        if ballot.more and self.more is None:
            self.more = blank(self._output, len(self.votes))
        for place, more in ballot.more.items():
            assert self.more is not None
            self.more[start + due[place]] = more
        self.failures |= {f.example: f for f in ballot.failures[: SHOWN - len(self.failures)]}
        self.tokens = self.tokens.plus(ballot.tokens)
        if start < (asked := self.asked) <= start + len(batch):
            self.upto = batch[asked - start - 1].seq
        self.changed = True

    @property
    def due_to_be_saved(self) -> bool:
        """Whether what was said would be missed; saving takes at most a tenth of the time."""
        return time.monotonic() - self._saved > max(_SAVED_EVERY_S, 10 * self._saving_s)

    def save(self, project: Project, task: Task[..., Any]) -> None:
        """Keep what was said so far, unless the store has it."""
        if not self.changed:
            return
        began, out = time.monotonic(), io.BytesIO()
        known = self.votes[: int(np.max(np.flatnonzero(self.votes != UNASKED), initial=-1)) + 1]
        arrays: dict[str, Any] = {"votes": known, "tokens": np.array(self.tokens, np.int64)}
        arrays["failures"] = np.array(json.dumps([vars(f) for f in self.failures.values()]))
        if self.more is not None:
            more = self.more[: len(known)]
            arrays["more"] = np.array(json.dumps(more.tolist())) if more.dtype == object else more
        np.savez_compressed(out, **arrays)
        project.store.save_votes(task.name, self.function.name, self.voter.fingerprint, self.upto, out.getvalue())
        self.changed, self._saved = False, time.monotonic()
        self._saving_s = self._saved - began


def poll(project: Project, task: Task[..., Any], *, last: int | None = None, deadline: float = math.inf) -> Poll:
    """Every function's votes on every stored example; those already given by the same code come from the store.

    What was said is kept every few seconds, and when anything ends this early.

    Arguments:
        last: Only examples added until then are there, as the store numbers them.
        deadline: When to stop asking, as `time.monotonic` tells it.
    """
    count = project.store.count(task.name)
    books = [Book(project, task, f, task.signature.output, count.examples) for f in task.labeling_functions]
    ids: list[str] = []
    tests: list[bool] = []
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
                for book in due:
                    if book.due_to_be_saved:
                        book.save(project, task)
    finally:
        for book in books:
            book.save(project, task)
    return Poll(tuple(ids), np.array(tests, bool), tuple(books))
