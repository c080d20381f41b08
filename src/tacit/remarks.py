"""What a reader of a run should know of the rows that were learned from, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tacit.bounds import unknown
from tacit.datasets import Dataset
from tacit.gold import Annotator
from tacit.ladder import Mixed
from tacit.voting import Votes, first_of_each

__all__ = ["remarks"]

_LOW = 0.5
"""Of a label: whoever weighs less is told of."""

_NAMED = 5
"""Of examples in a sentence."""


def remarks(rows: Dataset, mixed: Mixed | None, damaged: Mapping[int, Any], groups: str | None, time: str | None) -> list[str]:
    """The sentences.

    Arguments:
        rows: What was learned from.
        mixed: How labels and votes went together; None where there were no votes.
        damaged: Images that cannot be decoded, by their `id`.
        groups, time: The columns that the splits respected, where that was asked.
    """
    notes = [] if rows.votes is None else _of_votes(rows.votes)
    if rows.scored is None and not rows.is_gold.all():
        n = int(rows.is_sure.sum())
        few = (
            f"only {n} example{'s are' if n > 1 else ' is'} labeled"
            if n
            else "nobody labeled anything who is trusted"
            if rows.is_gold.any()
            else "nobody has labeled anything"
        )
        notes.append(f"{few}: the score is agreement with the votes of the labeling functions")
    if mixed is not None and (mixed.judge or rows.scored is not None):
        notes.append(str(mixed))
    notes += [_of_annotator(one) for one in rows.annotators if one.name and one.weight < _LOW]
    return notes + unknown(rows.bounds, groups, time) + _of_damage(rows, damaged)


def _of_votes(votes: Votes) -> list[str]:
    notes = [*map(str, first_of_each(votes.failures)), *votes.notes]
    if votes.trouble is not None:
        notes.append(f"{votes.trouble.message} Its votes from before are used.")
    if votes.asked < len(votes.examples):
        notes.append(
            f"half of the budget was too short to ask all labeling functions about all examples: "
            f"{votes.asked:,} of {len(votes.examples):,} were asked about; the votes are kept for the next time"
        )
    return notes


def _of_annotator(one: Annotator) -> str:
    labels = f"{one.labels:,} label{'s' * (one.labels != 1)} of {one.name}"
    counts = "count for nothing" if one.weight == 0 else f"count for {one.weight:.2f} of a label each"
    if one.met == 0:
        return f"{labels} {counts}, since nobody else labeled any of these examples"
    return (
        f"{labels} {counts}: right about {one.reliability:.0%} of the time, as {one.met:,} examples tell that others labeled too"
    )


def _of_damage(rows: Dataset, damaged: Mapping[int, Any]) -> list[str]:
    """What is said of pictures that were whole when they were added, and cannot be decoded now."""
    columns = [rows.data.columns[name] for name, kind in rows.data.kinds.items() if kind.role == "image"]
    found = [name[:8] for i, name in enumerate(rows.ids) if any(id(c[i]) in damaged for c in columns)]
    if not found:
        return []
    have = "example has a picture" if len(found) == 1 else "examples have pictures"
    named = ", ".join(found[:_NAMED]) + (f" and {len(found) - _NAMED:,} more" if len(found) > _NAMED else "")
    return [f"{len(found):,} {have} that cannot be read, and that taught nothing: {named}"]
