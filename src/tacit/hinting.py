"""The verb hints: what to change about the labeling functions of a task, and which to write next."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.errors import NotLearnable
from tacit.freezing import thaw_columns, thaw_inputs
from tacit.gold import gold
from tacit.mining import Candidate, Conflict, Region, candidates, conflicts, find_cues, mine, regions
from tacit.progress import Progress, report
from tacit.project import Project, current
from tacit.selections import preview
from tacit.tables import number, table
from tacit.tasks import Task
from tacit.types import Category
from tacit.voting import Votes, votes_of

__all__ = ["Hints", "hints"]

_FEW = 20
"""Fewer labels confirm next to nothing; candidates are then mined from the votes, where there are some."""

_SHOWN = 36
"""Characters of an example in a table."""


@dataclass(frozen=True)
class Hints:
    """How the labeling functions of a task could be better. Test rows are neither looked at nor counted.

    Attributes:
        task: The task's name.
        functions: The names of the labeling functions there are.
        examples: How many examples were looked at.
        silent: On how many of these no function votes.
        conflicts: Pairs of functions that vote differently, on the most examples first.
        uncovered: What examples have in common that no function votes on.
        candidates: Functions to paste, those first that say most that is new.
        basis: What the precision of candidates was measured by: "labels", "votes" of the functions there are, or "nothing".
        judged: How many examples have such a label.
        previews: Id -> the inputs of an example that is named above, in one short line.
        advice: Why votes are missing, if they are, and what to do next, in sentences.
    """

    task: str
    functions: tuple[str, ...]
    examples: int
    silent: int
    conflicts: tuple[Conflict, ...]
    uncovered: tuple[Region, ...]
    candidates: tuple[Candidate, ...]
    basis: str
    judged: int
    previews: Mapping[str, str]
    advice: tuple[str, ...]

    @property
    def code(self) -> str:
        """All candidates, to paste below the task."""
        imports = [c.code.split("\n", 1)[0] for c in self.candidates if c.code.startswith("import ")]
        bodies = [c.code[c.code.index("@") :] for c in self.candidates]
        return "\n\n".join([*dict.fromkeys(f"{line}\n" for line in imports), *bodies])

    def __str__(self) -> str:
        covered = f"{self.examples - self.silent:,} of {self.examples:,} examples"
        many = len(self.functions)
        parts = [f"{many} labeling function{'s' * (many != 1)} of {self.task} vote{'s' * (many == 1)} on {covered}"]
        if self.conflicts:
            parts.append(self._conflicts())
        if self.uncovered:
            parts.append(self._uncovered())
        if self.candidates:
            parts += [self._candidates(), self.code.rstrip()]
        return "\n\n".join([*parts, *self.advice])

    def _conflicts(self) -> str:
        rows = []
        for c in self.conflicts:
            says = "; ".join(f"{a} / {b}" + (f" ({n:,})" if len(c.says) > 1 else "") for a, b, n in c.says[:3])
            right = f"{c.right[0]} / {c.right[1]} of {c.judged}" if c.judged else None
            rows += self._with_examples([" / ".join(c.functions), says, c.n, right], c.examples)
        columns = ["functions", "they say", "examples", "right", "such as", ""]
        return table(columns, rows, title="Where functions disagree", right=["examples", "right"])

    def _uncovered(self) -> str:
        rows = []
        for r in self.uncovered:
            labels = ", ".join(f"{name} {n:,}" for name, n in r.classes.items()) or None
            rows += self._with_examples([r.cue, r.n, r.new, labels], r.examples)
        columns = ["where", "examples", "new", "labels", "such as", ""]
        held = sum(r.new for r in self.uncovered)
        title = f"Where no function votes: these hold {held:,} of {self.silent:,} such examples"
        return table(columns, rows, title=title, right=["examples", "new"])

    def _with_examples(self, cells: list[Any], ids: Sequence[str]) -> list[list[Any]]:
        """The cells beside the first example, the other examples below it."""
        return [[*(cells if i == 0 else [""] * len(cells)), id[:8], self.previews[id][:_SHOWN]] for i, id in enumerate(ids)]

    def _candidates(self) -> str:
        rows = [
            [c.name, c.cue, c.label, number(c.coverage), number(c.new), number(c.precision), number(c.at_least), c.judged]
            for c in self.candidates
        ]
        columns = ["function", "votes where", "for", "coverage", "new", "precision", "at least", self.basis]
        return table(columns, rows, title="Functions to paste", right=columns[3:])

    def to_dict(self) -> dict[str, Any]:
        made = {f.name: getattr(self, f.name) for f in dataclasses.fields(self) if f.name != "previews"}
        for part in ("conflicts", "uncovered"):
            made[part] = [
                vars(one) | {"examples": [{"id": i, "inputs": self.previews[i]} for i in one.examples]} for one in made[part]
            ]
        return made | {"candidates": [vars(c) for c in self.candidates]}


def hints(task: Task[..., Any] | str) -> Hints:
    """Say how to better the labeling functions of a task: conflicts, examples that none votes on, and functions to paste.

    The functions are run as by `votes`: each is asked once about an example, until its code changes. Candidates are mined from
    the labels; under 20 labels from the probable labels that the votes come to. See
    `tacit.mining.mine` for what passes.

    Raises:
        FunctionError: A labeling function returned a value outside the return type.
        NotLearnable: The return type is not a category.
        ColumnError: The examples do not fit the task's parameters (any more).
        OutsideType: A label is not of the return type.
    """
    project = current()
    task = project.task(task)
    output = task.signature.output
    if not isinstance(output, Category):
        raise NotLearnable(
            f"{task.name} returns {output}; hints are mined for categories only",
            where=task.where,
            next=f"tacit votes {task.name}",
        )
    said = votes_of(project, task) if task.labeling_functions else None
    ids, columns = _examples(project, task)
    names = tuple(f.name for f in task.labeling_functions)
    votes, probable = np.full((len(ids), len(names)), -1), np.full(len(ids), -1)
    known = _known(project, task, ids)
    if said is not None:
        place = {id: i for i, id in enumerate(said.examples)}
        at = np.array([place.get(id, -1) for id in ids], np.int64)  # one that came in since has no vote
        votes[at >= 0] = said.matrix[at[at >= 0]]
        sure = np.sort(said.probabilities, 1)
        clear = (said.matrix >= 0).any(1) & (sure[:, -1] > sure[:, -2] + 1e-9)
        probable[at >= 0] = np.where(clear, said.probabilities.argmax(1), -1)[at[at >= 0]]
    labeled = int((known >= 0).sum())
    basis = "labels" if labeled >= _FEW or (labeled and said is None) else "votes" if (probable >= 0).any() else "nothing"
    target = {"labels": known, "votes": probable, "nothing": np.full(len(ids), -1)}[basis]
    silent: NDArray[np.bool_] = np.all(votes < 0, axis=1)
    report(Progress(f"looking for what tells the classes of {task.name} apart", 0))
    found = find_cues(task.signature.columns, columns, len(ids))
    voted = np.stack([(votes == c).any(1) for c in range(len(output.classes))], 1)
    mined = mine(found, target, voted)
    taken = {*names, *(s.name for s in task.slices), *getattr(task.function, "__globals__", ())}
    offered = candidates(task, mined, len(ids), taken)
    disputes = conflicts(names, votes, known, output.names, ids)
    regional = regions(found, silent, known, output.names, ids)
    return Hints(
        task.name,
        names,
        len(ids),
        int(silent.sum()),
        disputes,
        regional,
        offered,
        basis,
        int((target >= 0).sum()),
        _previews(project, task, [i for one in disputes for i in one.examples] + [i for one in regional for i in one.examples]),
        (*_remarks(said), *_advice(task, len(ids), labeled, basis, bool(offered))),
    )


def _examples(project: Project, task: Task[..., Any]) -> tuple[list[str], dict[str, list[Any]]]:
    """Ids and columns of the examples that are not for testing."""
    ids: list[str] = []
    columns: dict[str, list[Any]] = {n: [] for n, kind in task.signature.columns.items() if kind.role != "image"}
    for batch in project.store.examples(task.name):
        kept = [e for e in batch if e.split != "test"]
        ids += [e.id for e in kept]
        for name, values in thaw_columns(task.signature, kept, project.store).items():
            if name in columns:
                columns[name] += values
        report(Progress(f"reading the examples of {task.name}", len(ids)))
    return ids, columns


def _known(project: Project, task: Task[..., Any], ids: Sequence[str]) -> NDArray[np.int64]:
    """(n,) the class that most labels of an example give it, -1 where there is none or a tie."""
    truth = {i: int(t.argmax()) for i, t in gold(project, task).trusted.items() if t.max() > 0.5}
    return np.array([truth.get(i, -1) for i in ids], np.int64)


def _previews(project: Project, task: Task[..., Any], ids: Sequence[str]) -> dict[str, str]:
    shown: dict[str, str] = {}
    for batch in project.store.examples(task.name, ids=list(dict.fromkeys(ids))):
        inputs = thaw_inputs(task.signature, batch, project.store)
        shown |= {e.id: preview(given) for e, given in zip(batch, inputs, strict=True)}
    return shown


def _remarks(said: Votes | None) -> list[str]:
    """What a reader of the votes should know: why some are missing, and what is slow or has no price."""
    if said is None:
        return []
    return [*([str(said.trouble)] if said.trouble is not None else []), *(f"note: {note}" for note in said.notes)]


def _advice(task: Task[..., Any], n: int, labeled: int, basis: str, offered: bool) -> list[str]:
    if not n:
        return [f"{task.name} has no examples to look at.  next: tacit add {task.name} FILE"]
    left = n - labeled
    more = f"next: tacit select {task.name} {min(20, left)}, and label those" if left else f"next: tacit add {task.name} FILE"
    if basis == "nothing":
        return [f"Functions can be mined from {_FEW} labels, or from the votes of functions that you wrote.  {more}"]
    if basis == "votes":
        return [f"Precision is agreement with the votes of your functions, since there are {labeled:,} labels.  {more}"]
    if not offered:
        return [f"In {labeled:,} labels nothing that is new tells a class beyond chance.  {more}"]
    return []
