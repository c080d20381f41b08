"""What an audit found: the cues that a model leans on, with rows to look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tacit.cues import Association
from tacit.tables import table

__all__ = ["Audit"]


@dataclass(frozen=True)
class Audit:
    """What a model leans on.

    Attributes:
        task: The task's name.
        model: The id of the model, or its release.
        n: Rows that were looked at.
        associations: Those that are significant first, then by how much of a class rests on them.
        ids: The id of each row, by the positions in `Association.examples` and `Association.contrast`.
        seconds: What it took.
        notes: What a reader should know.
    """

    task: str
    model: str
    n: int
    associations: tuple[Association, ...]
    ids: tuple[str, ...]
    seconds: float
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        title = f"what {self.task} leans on, {self.model}, {self.n:,} rows; whether a cue is a true one is for you to say"
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
        body = table(head, rows, title=title) if rows else f"{title}\n\nno cue was found that the model leans on"
        return "\n".join([body, *(f"note: {note}" for note in self.notes)])

    def to_dict(self) -> dict[str, Any]:
        return {
            "task": self.task,
            "model": self.model,
            "n": self.n,
            "seconds": self.seconds,
            "associations": [
                association.to_dict()
                | {
                    "examples": [self.ids[i] for i in association.examples],
                    "contrast": [self.ids[i] for i in association.contrast],
                }
                for association in self.associations
            ],
            "notes": list(self.notes),
        }
