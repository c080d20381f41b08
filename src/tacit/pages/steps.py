"""What to do next with a task, as one command and the reason for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tacit.runs import Run
from tacit.store import Counts
from tacit.tasks import Task

__all__ = ["Step", "next_step"]


@dataclass(frozen=True)
class Step:
    """One command, and why."""

    command: str
    why: str


def next_step(task: Task[..., Any], counts: Counts, newest: Run | None, fresh: int) -> Step:
    """The step that helps most now: rows first, then labels, a model, and labels again where they are missing.

    Arguments:
        task: The task.
        counts: What the store has of it.
        newest: Its last run.
        fresh: How many labels came in after that run began.
    """
    name = task.name
    if not counts.examples:
        return Step(f"tacit add {name} FILE --label COLUMN", "It has no examples yet.")
    if newest is None:
        if counts.labeled or task.labeling_functions:
            return Step(f"tacit train {name}", "It has something to learn from, and no model yet.")
        return Step(f"tacit add {name} FILE --label COLUMN", "None of its examples has a label yet.")
    if fresh:
        return Step(
            f"tacit train {name}",
            f"{fresh:,} label{'s' * (fresh != 1)} {'or more ' * (fresh >= 10_000)}came in since it was trained.",
        )
    if newest.release is None:
        return Step(f"tacit release {name}", f"The newest model is not live: {newest.gate}.")
    if counts.unlabeled:
        n = min(20, counts.unlabeled)
        return Step(f"tacit select {name} {n}", f"{counts.unlabeled:,} examples have no label; these would teach most.")
    return Step(f"tacit add {name} FILE", "All of its examples are labeled; more of them would teach more.")
