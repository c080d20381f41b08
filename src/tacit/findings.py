"""What an audit found: whom a model fails, the cues that it leans on with rows to look at, and doubtful labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from tacit.audits import ByGroup, Fairness, GroupScore
from tacit.cues import Association
from tacit.tables import table

__all__ = ["Audit", "Doubt", "Groups"]

_LISTED = 20
"""Groups and labels in the table; all are in `to_dict`."""


@dataclass(frozen=True)
class Doubt:
    """A doubtful label.

    Attributes:
        id: The example.
        given, suggested: Its label, and what models that did not see it say.
        margin: How much more probable they find that, 0 to 1.
        kind: "mislabeled"; the rows around it carry the suggested label too.
        share: Of the rows around it, how many carry the given label.
    """

    id: str
    given: str
    suggested: str
    margin: float
    kind: str
    share: float


@dataclass(frozen=True)
class Groups:
    """A metric by group.

    Attributes:
        scores: Of all rows, and of each group.
        fairness: How differently each grouping is treated, of each class (of two classes the second); none where only right and wrong
            are known.
        classes: The names of the classes.
        told: Which rows were measured.
    """

    scores: ByGroup
    fairness: tuple[Fairness, ...]
    classes: tuple[str, ...]
    told: str


@dataclass(frozen=True)
class Audit:
    """What an audit found.

    Attributes:
        task: The task's name.
        model: The id of the model, or its release.
        n: Rows in which cues and doubtful labels were looked for.
        measured: A metric by group; None where no rows are there to be measured on.
        associations: Those that are significant first, then by how much of a class rests on them.
        label_errors: The most doubtful first, at most 50.
        leaks: The ids of test rows, each with that of a row to learn from that is nearly the same.
        repeated: The ids of rows that are nearly the same as each other, the most often repeated first.
        ids: The id of each row, by the positions in `Association.examples` and `Association.contrast`.
        seconds: What it took.
        notes: What a reader should know.
    """

    task: str
    model: str
    n: int
    measured: Groups | None
    associations: tuple[Association, ...]
    label_errors: tuple[Doubt, ...]
    ids: tuple[str, ...]
    seconds: float
    notes: tuple[str, ...] = ()
    leaks: tuple[tuple[str, str], ...] = ()
    repeated: tuple[tuple[str, ...], ...] = ()

    @property
    def groups(self) -> tuple[GroupScore, ...]:
        """Each group with its score."""
        return () if self.measured is None else self.measured.scores.groups

    @property
    def worst(self) -> GroupScore | None:
        """The group that is worse off by more than chance, and worst; None if none is told from chance."""
        return None if self.measured is None else self.measured.scores.worst

    def __str__(self) -> str:
        parts = [f"audit of {self.task}, {self.model}", *self._of_groups(), *self._of_cues(), *self._of_labels()]
        return "\n\n".join([*parts, *(["\n".join(f"note: {note}" for note in self.notes)] if self.notes else [])])

    def _of_groups(self) -> Iterator[str]:
        if self.measured is None:
            yield "no rows are there on which groups could be measured"
            return
        scores = self.measured.scores
        rows = [["all rows", f"{scores.n:,}", f"{scores.whole.value:.3f}", _between(scores.whole.interval), "", ""]]
        for group in scores.ranked[:_LISTED]:
            apart = "" if group.difference is None else f"{group.difference:+.3f}"
            rows.append([group.name, f"{group.n:,}", f"{group.value:.3f}", _between(group.interval), apart, group.told])
        metric = scores.whole.name
        head = ["group", "rows", metric, "95 %", "to the rest", "by more than chance"]
        yield table(head, rows, title=f"{metric} on {self.measured.told}", right=["rows", metric, "to the rest"])
        worst = self.worst
        if scores.groups:
            yield worst.said if worst is not None else "no group is worse off than the others by more than chance"
        if len(scores.groups) > _LISTED:
            yield f"{len(scores.groups) - _LISTED:,} more groups: --json has all"
        if self.measured.fairness:
            yield _treated(self.measured)

    def _of_cues(self) -> Iterator[str]:
        if self.measured is not None and not self.measured.classes:
            return  # a number has no class that a cue could speak for
        if not self.associations:
            yield "no cue was found that it leans on"
            return
        rows = [
            [
                i,
                f"{a.cue}{'' if a.significant else ' (by chance?)'}",
                a.label,
                f"{a.inside:.0%} / {a.outside:.0%}",
                f"{a.reliance:+.3f}",
                f"{a.removed[0]:.2f} to {a.removed[1]:.2f}",
                f"{a.contradicted[0]:.2f} to {a.contradicted[1]:.2f}",
            ]
            for i, a in enumerate(self.associations, start=1)
        ]
        head = ["", "cue", "speaks for", "has it: class / others", "reliance", "right without it", "others right with it"]
        yield table(head, rows, title=f"what it leans on, {self.n:,} rows; whether a cue is a true one is for you to say")

    def _of_labels(self) -> Iterator[str]:
        if self.label_errors:
            rows = [[e.id[:8], e.given, e.suggested, f"{e.margin:.2f}"] for e in self.label_errors[:_LISTED]]
            yield table(["example", "label", "rather", "by"], rows, title="labels to look at again, the most doubtful first")
        if self.repeated:
            n, sets = sum(map(len, self.repeated)), len(self.repeated)
            some = ", ".join(f"{rows[0][:8]} and {len(rows) - 1:,} more" for rows in self.repeated[:3])
            yield f"{n:,} rows are equal or nearly so, in {sets:,} set{'s' * (sets > 1)}: {some}{', ...' if sets > 3 else ''}"
        if self.leaks:
            some = ", ".join(f"{test[:8]} of {train[:8]}" for test, train in self.leaks[:5])
            n = len(self.leaks)
            yield f"{n:,} test row{'s repeat' if n != 1 else ' repeats'} what is learned from: {some}{', ...' if n > 5 else ''}"

    def to_dict(self) -> dict[str, Any]:
        return {
            "task": self.task,
            "model": self.model,
            "n": self.n,
            "seconds": self.seconds,
            "measured": None if self.measured is None else asdict(self.measured),
            "worst": None if self.worst is None else asdict(self.worst),
            "associations": [
                association.to_dict()
                | {
                    "examples": [self.ids[i] for i in association.examples],
                    "contrast": [self.ids[i] for i in association.contrast],
                }
                for association in self.associations
            ],
            "label_errors": [asdict(one) for one in self.label_errors],
            "leaks": [list(pair) for pair in self.leaks],
            "repeated": [list(rows) for rows in self.repeated],
            "notes": list(self.notes),
        }


def _treated(measured: Groups) -> str:
    """How differently groups are treated, a line for each grouping and class."""
    rows = [
        [
            found.column,
            measured.classes[found.positive],
            *(
                f"{one.value:.3f} ({one.chance:.3f})"
                for one in (found.demographic_parity, found.equal_opportunity, found.equalized_odds, found.predictive_parity)
            ),
        ]
        for found in measured.fairness[:_LISTED]
    ]
    head = ["groups", "class", "demographic parity", "equal opportunity", "equalized odds", "predictive parity"]
    return table(head, rows, title="differences between groups (and what they stay under by chance, 95 times in 100)")


def _between(interval: tuple[float, float]) -> str:
    return f"{interval[0]:.3f} to {interval[1]:.3f}"
