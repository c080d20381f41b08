"""What was selected: examples in the order in which to label or keep them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tacit.examples import Example
from tacit.selection.coresets import Shares
from tacit.tables import number, seconds, table

__all__ = ["Selection", "preview"]


@dataclass(frozen=True)
class Selection:
    """Examples that were chosen.

    Attributes:
        task: The task's name.
        examples: First to be labeled first.
        scores: How much each was wanted; higher is more.
        probabilities: How likely each was to be chosen, above 0 and at most 1.
        weights: What each counts in training, so that the selection speaks for the pool: 1 / probability, mean 1.
        seconds: What the choice took, training of the model that chose included.
        strategy: The one that was used, with what chose.
        shares: What a core-set does to each class and slice; None of what is to be labeled next.
        groups: The name of each example's group, where it was chosen by groups.
    """

    task: str
    examples: tuple[Example, ...]
    scores: tuple[float, ...]
    probabilities: tuple[float, ...]
    weights: tuple[float, ...]
    seconds: float
    strategy: str
    shares: Shares | None = None
    groups: tuple[str, ...] | None = None

    def __len__(self) -> int:
        return len(self.examples)

    def __str__(self) -> str:
        rows = [[e.id[:8], number(s), preview(e.inputs)] for e, s in zip(self.examples, self.scores, strict=True)]
        what = "to label next" if self.shares is None else "to learn from"
        title = f"{len(self):,} examples of {self.task} {what}, by {self.strategy} in {seconds(self.seconds)}"
        if self.shares is not None:
            return f"{title}\n\n{self.shares}"
        if self.groups is not None:
            rows = [[*row, group] for row, group in zip(rows, self.groups, strict=True)]
        head = ["example", "score", "inputs", *(["group"] if self.groups is not None else [])]
        return table(head, rows, title=title, right=["score"])

    def to_dict(self) -> dict[str, Any]:
        return {
            "task": self.task,
            "strategy": self.strategy,
            "seconds": self.seconds,
            "shares": None if self.shares is None else self.shares.to_dict(),
            "examples": [
                {
                    "id": e.id,
                    "inputs": {k: preview({k: v}) for k, v in e.inputs.items()},
                    "score": s,
                    "probability": p,
                    "weight": w,
                    **({} if g is None else {"group": g}),
                }
                for e, s, p, w, g in zip(
                    self.examples, self.scores, self.probabilities, self.weights, self.groups or [None] * len(self), strict=True
                )
            ],
        }


def preview(inputs: Any, length: int = 80) -> str:
    """Inputs in one short line; images by their size."""
    shown = []
    for value in _flat(inputs):
        if isinstance(value, bytes):
            shown.append(f"<image, {len(value):,} bytes>")
        elif hasattr(value, "shape"):
            shown.append(f"<image, {'x'.join(map(str, value.shape))}>")
        else:
            shown.append(" ".join(str(value).split()))
    line = " · ".join(shown)
    return line if len(line) <= length else line[: length - 3] + "..."


def _flat(inputs: Any) -> Iterator[Any]:
    """The values of inputs; those of a record's fields one by one, by name."""
    for value in inputs.values():
        if dataclasses.is_dataclass(value):
            yield from (f"{f.name}={getattr(value, f.name)}" for f in dataclasses.fields(value))
        elif isinstance(value, dict):
            yield from (f"{name}={inner}" for name, inner in value.items())
        else:
            yield value
