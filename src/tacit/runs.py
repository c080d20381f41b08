"""What came of one training: the score with its interval, the curve, the trials, and all that is needed to repeat it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tacit.metrics import higher_is_better
from tacit.tables import number, seconds, table

__all__ = ["Run"]


@dataclass(frozen=True)
class Run:
    """One call of `train`.

    Attributes:
        id: 16 hexadecimal digits; also the id of the model.
        task: The task's name.
        metric: The name of the score.
        score: On rows that the model scored was not trained on.
        interval: 95 % interval of the score.
        seconds: From the call to the last model, data loading included.
        cost: USD of the machine, where `price_per_hour` is set, and of the votes of language models, where they have a price;
            None where neither is known.
        curve: (seconds, cost, score) each time the best so far improved; the last one is the score.
        trials: What was tried, in order: learner, settings, seed, rows, score, seconds, and why it was dropped if it was.
        learner, settings: Of the model that was kept: of an "ensemble", of its members with their weights.
        rows: How many rows the model was fitted on: all, unless time or patience ran out.
        baseline: The score of always giving the same answer: the shares of the classes, or the mean.
        stopped: "portfolio" (everything was tried), "budget", "target" or "interrupt".
        seed: The one that was given.
        data: A hash of the examples, targets and weights that were learned from, by which a repetition knows them.
        labels: What was learned from: "gold" and "voted" examples, and "upto" and "last", the numbers that the store had given
            to its last label and its last example.
        machine, versions: Where and with what it ran.
        notes: What a reader should know: functions that failed, scores measured against votes.
        release: The version that went live by this run, or None.
        gate: Why it went live, or not.
        ece: How far confidence is from accuracy on the scored rows, 0 to 1; None for numbers.
        made: The position in `trials` of the one that made the model that was kept.
        groups, time: The columns that the splits respected, where that was asked.
        objective: What it was to be good at: "average", "worst-group" or "cvar".
        worst: Where the score is that of the worst group: the "group", its "n" scored rows, "of" how many groups it is, and the score
            of all rows, "whole". None where all rows are scored.
        mix: How labels and votes were learned from together, and what labels that were held out told of it: the fields of
            `tacit.ladder.Mixed`; None where there were no votes.
    """

    id: str
    task: str
    metric: str
    score: float
    interval: tuple[float, float]
    seconds: float
    cost: float | None
    curve: tuple[tuple[float, float | None, float], ...]
    trials: tuple[Mapping[str, Any], ...]
    learner: str
    settings: Mapping[str, Any]
    rows: int
    baseline: float
    stopped: str
    seed: int
    data: str
    labels: Mapping[str, int]
    machine: Mapping[str, Any]
    versions: Mapping[str, str]
    notes: tuple[str, ...] = ()
    release: int | None = None
    gate: str = ""
    ece: float | None = None
    made: int = 0
    groups: str | None = None
    time: str | None = None
    objective: str = "average"
    worst: Mapping[str, Any] | None = None
    mix: Mapping[str, Any] | None = None

    @property
    def model(self) -> str:
        """The id of the model, for `predict(..., model=run.model)`."""
        return self.id

    def seconds_to(self, target: float) -> float | None:
        """Seconds until the score was first at least as good as `target`, or None if it never was."""
        up = 1 if higher_is_better(self.metric) else -1
        return next((s for s, _, score in self.curve if up * score >= up * target), None)

    def __str__(self) -> str:
        low, high = self.interval
        tried = [t for t in self.trials if t["seconds"] or t["score"] is not None]
        lines = [
            f"{self.task}: {self.metric} {self.score:.3f} (95 %: {low:.3f} to {high:.3f}; always the same answer: {self.baseline:.3f})",
            *([] if self.worst is None else [_of_the_worst(self.worst, self.metric)]),
            f"by {self.learner} in {seconds(self.seconds)}, learned from {_sources(self.labels)}"
            f"{'' if self.rows >= self.labels['gold'] + self.labels['voted'] else f', fitted on {self.rows:,} of them'}"
            f"; stopped: {_STOPS[self.stopped]}",
            *([] if self.ece is None else [f"ece {self.ece:.3f}: how far confidence is from accuracy"]),
            *([f"scored on {scored}"] if (scored := _scored(self.groups, self.time)) else []),
            "",
            table(
                ["at", "cost", self.metric],
                [[seconds(s), _usd(c), number(v)] for s, c, v in self.curve],
                right=("at", "cost", self.metric),
            ),
            "",
            table(
                ["trial", "rows", "took", self.metric, ""],
                [
                    [_trial(t), f"{t['rows']:,}", seconds(t["seconds"]), number(t["score"]), t.get("reason") or ""]
                    for t in self.trials
                ],
                right=("rows", "took", self.metric),
            ),
        ]
        if len(tried) < len(self.trials):
            lines.append(f"{len(self.trials) - len(tried)} more trials did not fit into the time that was left.")
        lines += [f"note: {note}" for note in self.notes]
        lines.append(f"release {self.release} is live ({self.gate})." if self.release else f"not released: {self.gate}")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"model": self.model}

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Run:
        """The run that `to_dict` was asked of."""
        fields = {k: v for k, v in record.items() if k != "model"}
        return cls(
            **fields
            | {
                "interval": tuple(record["interval"]),
                "curve": tuple((s, c, v) for s, c, v in record["curve"]),
                "trials": tuple(record["trials"]),
                "notes": tuple(record["notes"]),
            }
        )


_STOPS = {
    "portfolio": "everything was tried",
    "budget": "the budget",
    "target": "the target was reached",
    "interrupt": "you stopped it",
}


def _sources(labels: Mapping[str, int]) -> str:
    parts = [f"{labels['gold']:,} labeled examples"] if labels["gold"] or not labels["voted"] else []
    return " and ".join(parts + ([f"{labels['voted']:,} voted on by labeling functions"] if labels["voted"] else []))


def _of_the_worst(worst: Mapping[str, Any], metric: str) -> str:
    return (
        f"of the worst of {worst['of']} groups, {worst['group']} ({worst['n']:,} rows scored, drawn towards all rows as by ten more); "
        f"{metric} of all rows: {worst['whole']:.3f}"
    )


def _scored(groups: str | None, time: str | None) -> str:
    """Which examples were scored on, if that was asked for."""
    whole = f"each {groups} only by models that had no example of it" if groups else ""
    newest = f"the newest by {time}" if time else ""
    return ", ".join(part for part in (newest, whole) if part)


def _trial(trial: Mapping[str, Any]) -> str:
    members: Sequence[Mapping[str, Any]] = trial["settings"].get("members", ())
    if members:
        shares = Counter[str]()
        for member in members:
            shares[member["learner"]] += member["weight"] / sum(m["weight"] for m in members)
        said = " + ".join(f"{share:.2g} {name}" for name, share in shares.most_common())
        return f"{trial['learner']} {said}"[:60]
    settings: Sequence[str] = [f"{k}={v}" for k, v in trial["settings"].items()]
    return f"{trial['learner']} {' '.join(settings)}"[:60]


def _usd(cost: float | None) -> str | None:
    return None if cost is None else f"${cost:.5f}"
