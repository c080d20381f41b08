"""What a replay of labeling showed: score and seconds after each round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from tacit.metrics import higher_is_better
from tacit.selection.stopping import Worth, worth
from tacit.tables import number, seconds, table

__all__ = ["Round", "Simulation", "pooled_worth"]


@dataclass(frozen=True)
class Round:
    """One round of labeling.

    Attributes:
        labels: How many there are by then.
        score: Of the final learner, fitted from scratch on them.
        interval: Where the score lies with a probability of 95 %, by the rows it was measured on.
        selection_seconds: Everything that was needed to choose the labels that the round added: the fit of what chooses, features,
            scores. 0 for the first, which is drawn.
        train_seconds: The fit of the final learner alone.
    """

    labels: int
    score: float
    interval: tuple[float, float]
    selection_seconds: float
    train_seconds: float


@dataclass(frozen=True)
class Simulation:
    """Labeling, replayed on rows whose labels are known.

    Attributes:
        task: The task's name.
        strategy: What chose.
        proxy: The learner that was fitted to choose; None where the strategy needs none.
        learner: The final learner, which was scored.
        metric: The name of the scores.
        rounds: From few labels to many.
        seed: Of the first round, the draws and the learners.
        rows: How many there were to label.
        measured: On how many rows each score was measured.
        apart: Whether these were a test set that was given; else they are a fifth, held out by the seed.
        stopped: "done", or "interrupted" where not all rounds were.
        notes: What a reader should know.
    """

    task: str
    strategy: str
    proxy: str | None
    learner: str
    metric: str
    rounds: tuple[Round, ...]
    seed: int
    rows: int
    measured: int
    apart: bool
    stopped: str = "done"
    notes: tuple[str, ...] = ()

    @property
    def selection_seconds(self) -> float:
        """Of all rounds."""
        return sum(r.selection_seconds for r in self.rounds)

    @cached_property
    def worth(self) -> Worth | None:
        """What as many labels as the last round added would add once more; None of fewer than three rounds."""
        return pooled_worth([self])

    def worth_of(self, more: int) -> Worth | None:
        """What so many labels more would add to the score, by `tacit.selection.worth`; None of fewer than three rounds."""
        return pooled_worth([self], more)

    def __str__(self) -> str:
        chooser = f" with {self.proxy}" if self.proxy else ""
        on = f"{self.measured:,} {'test rows' if self.apart else 'rows that were held out'}"
        title = f"{self.task}: {self.strategy}{chooser} chooses, {self.learner} learns; {self.metric} on {on}, seed {self.seed}"
        lines = [
            [
                f"{r.labels:,}",
                number(r.score),
                f"{number(r.interval[0])} to {number(r.interval[1])}",
                seconds(r.selection_seconds),
                seconds(r.train_seconds),
            ]
            for r in self.rounds
        ]
        columns = ["labels", "score", "95 %", "choosing", "learning"]
        said = [table(columns, lines, title=title, right=["labels", "score", "choosing", "learning"])]
        if self.worth is not None:
            said.append(f"{self.worth}")
        return "\n\n".join(said + [f"note: {note}" for note in self.notes])

    def to_dict(self) -> dict[str, Any]:
        return {
            "task": self.task,
            "strategy": self.strategy,
            "proxy": self.proxy,
            "learner": self.learner,
            "metric": self.metric,
            "seed": self.seed,
            "rows": self.rows,
            "measured": self.measured,
            "apart": self.apart,
            "rounds": [asdict(r) for r in self.rounds],
            "selection_seconds": self.selection_seconds,
            "worth": None if self.worth is None else self.worth.to_dict(),
            "stopped": self.stopped,
            "notes": list(self.notes),
        }


def pooled_worth(runs: Sequence[Simulation], more: int | None = None) -> Worth | None:
    """What so many labels more would add to the score, by the rounds of several simulations that differ in their seed alone.

    Arguments:
        runs: At least one.
        more: How many labels; None is as many as the last round added.

    Returns:
        None of fewer than three rounds, or where a lower score is better.
    """
    last = max(runs, key=lambda run: len(run.rounds))
    if len(last.rounds) < 3 or not higher_is_better(last.metric):
        return None
    points = sorted((r.labels, r.score) for run in runs for r in run.rounds)
    rows = last.measured if last.metric in ("accuracy", "balanced") else None
    step = last.rounds[-1].labels - last.rounds[-2].labels if more is None else more
    return worth([n for n, _ in points], [score for _, score in points], step, rows=rows, seed=last.seed)
