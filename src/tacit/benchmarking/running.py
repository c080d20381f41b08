"""The verb bench: a task is trained to a target again and again, each time from nothing, and each run is a line of the ledger."""

from __future__ import annotations

import datetime as dt
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tacit import metrics
from tacit.arguments import checked, seeded
from tacit.benchmarking.ledger import FILE, ledger_of
from tacit.benchmarking.orders import Order, carried_out
from tacit.benchmarking.policies import PHASES
from tacit.benchmarking.prices import Price, price_of
from tacit.benchmarking.records import Point, Record
from tacit.benchmarking.results import Benchmark
from tacit.errors import OptionError, TrainingError, UnknownTask, nearest, quote
from tacit.ladder import learnable
from tacit.progress import Progress, report
from tacit.project import Project, current
from tacit.provenance import commit, versions
from tacit.provenance import machine as this_machine
from tacit.tasks import Task
from tacit.training import choices, seconds_of

__all__ = ["Arm", "bench"]

_MOST = 1_000


@dataclass(frozen=True)
class Arm:
    """One way to train, by a name.

    Attributes:
        name: In the ledger.
        learners: Only these; None is all that fit.
        to_target: Whether it stops at the target. Without, it trains as one would who has no target: for the whole budget.
    """

    name: str
    learners: tuple[str, ...] | None = None
    to_target: bool = True


@checked
def bench(
    task: Task[..., Any] | str,
    *,
    target: float,
    runs: int = 5,
    budget: float | str = 60,
    metric: str | None = None,
    arms: Sequence[Arm] = (),
    name: str | None = None,
    machine: str | None = None,
    seed: int = 0,
) -> Benchmark:
    """Train a task to a target, several times, and write each run into the ledger of the project, `bench/ledger.jsonl`.

    Each run is a process of its own that finds no features or models of earlier ones, with the next seed; the project's models
    and releases stay as they are. The arms take turns, in the other order each time, so that their times can be compared pair by
    pair. Ctrl-C ends the run that is under way, which is noted as interrupted, and returns what was done.

    Arguments:
        task: A task of `tasks/*.py`, or its name.
        target: The score to reach, on rows that the training keeps apart.
        runs: How often, 1 to 1,000.
        budget: Seconds of each, as in `train`; a run that has not reached the target by then did not converge.
        metric: As in `train`.
        arms: What is compared; one that has all learners by default.
        name: Of the benchmark in the ledger; the task's by default.
        machine: What the machine is called in `bench/prices.csv`; without one, `price_per_hour` of the settings.
        seed: Of the first run.

    Raises:
        OptionError: An argument is out of its range, or two arms have one name.
        UnknownTask: The task is declared elsewhere than in `tasks/*.py`, where a process of its own does not find it.
        TrainingError: The first run failed, with its reason.
    """
    project = current()
    task, budget_s, seed = project.task(task), seconds_of(budget), seeded(seed)
    if task.name not in project.tasks:
        raise UnknownTask(
            f"{task.name} is not declared in tasks/*.py",
            right="each run is a process of its own, which finds tasks there",
            next=f"write it into tasks/{task.name}.py",
        )
    tried = _checked_arms(task, arms)
    if not 1 <= runs <= _MOST:
        raise OptionError(f"runs is {runs}", right=f"it is 1 to {_MOST:,}", next="--runs 5")
    if name is not None and (not name or any(c in name for c in "/:\n")):
        raise OptionError(f"name is {quote(name)}", right="it is text without / and :", next=f"--name {task.name}")
    learnable(task.signature.columns, task.signature.output, task.name)
    measured = metrics.check(metric or metrics.default(task.signature.output), task.signature.output)
    session = _Session(project, task, name or task.name, price_of(project, machine), budget_s, target, measured)
    done: list[Record] = []
    try:
        for turn in range(runs):
            for arm in tried if turn % 2 == 0 else tried[::-1]:
                report(Progress(session.doing(turn, runs, arm), 0))
                done.append(session.one(arm, turn, seed + turn, f"{session.doing(turn, runs, arm)}, "))
                if done[-1].status == "failed" and len(done) == 1:
                    raise TrainingError(
                        f"the first run of {task.name} failed: {done[-1].reason}",
                        next=f"tacit train {task.name} --budget {budget}",
                    )
    except KeyboardInterrupt:
        if not done:
            raise
    return Benchmark(tuple(done))


def _checked_arms(task: Task[..., Any], arms: Sequence[Arm]) -> list[Arm]:
    tried = list(arms) or [Arm("all")]
    known = choices(task)
    for arm in tried:
        if not arm.name or any(c in arm.name for c in "/:\n"):
            raise OptionError(f"an arm is named {quote(arm.name)}", right="it is text without / and :", next="--arm fast=linear")
        unknown = [learner for learner in arm.learners or () if learner not in known]
        if unknown:
            raise OptionError(
                f"there is no learner {quote(unknown[0])} for {task.name}",
                right=f"arm {arm.name} can have {', '.join(known)}",
                next=f"--arm {arm.name}={nearest(unknown[0], known) or known[0]}",
            )
    names = [arm.name for arm in tried]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise OptionError(f"two arms are named {twice[0]}", right="each has a name of its own", next=f"--arm {twice[0]}-2=...")
    return tried


class _Session:
    """One call of `bench`: what all its runs have in common."""

    def __init__(
        self,
        project: Project,
        task: Task[..., Any],
        name: str,
        price: Price | None,
        budget: float,
        target: float,
        metric: str,
    ) -> None:
        count = project.store.count(task.name)
        self._seen = {"upto": count.last_label_seq, "last": count.last_example_seq}
        self._project, self._task, self._name, self._price = project, task, name, price
        self._budget, self._target, self._metric = budget, target, metric
        self._ledger, self._id, self._commit = (
            ledger_of(project),
            secrets.token_hex(4),
            commit(project.root, but=FILE.parent.as_posix()),
        )

    def doing(self, turn: int, runs: int, arm: Arm) -> str:
        return f"run {turn + 1} of {runs}, {arm.name}"

    def one(self, arm: Arm, turn: int, seed: int, doing: str) -> Record:
        """Run an arm once, and write down how it went."""
        id = self._ledger.number()
        folder = self._ledger.folder(id)
        target = self._target if arm.to_target else None
        order = Order(
            root=str(self._project.root),
            folder=str(folder),
            began=time.monotonic(),
            task=self._task.name,
            budget=self._budget,
            target=target,
            metric=self._metric,
            learners=arm.learners,
            seed=seed,
            **self._seen,
        )
        at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        try:
            said = carried_out(order, doing)
        except KeyboardInterrupt:
            self._write(id, arm, turn, at, order, {"status": "interrupted", "seconds": time.monotonic() - order.began})
            raise
        return self._write(id, arm, turn, at, order, said)

    def _write(self, id: str, arm: Arm, turn: int, at: str, order: Order, said: dict[str, Any]) -> Record:
        curve = tuple(Point(p["score"], p["phases"]) for p in said.pop("curve", ()))
        figures = {**_NOTHING, **said}
        return self._ledger.append(
            Record(
                id=id,
                benchmark=self._name,
                arm=arm.name,
                session=self._id,
                turn=turn,
                at=at,
                task=self._task.name,
                target=self._target,
                budget=self._budget,
                seed=order.seed,
                options={"learners": arm.learners and list(arm.learners), "to_target": arm.to_target},
                curve=curve,
                price=None if self._price is None else self._price.to_dict(),
                machine=this_machine(),
                versions=versions(),
                commit=self._commit,
                **{"metric": self._metric, **figures},
            )
        )


_NOTHING: dict[str, Any] = {
    "phases": dict.fromkeys(PHASES, 0.0),
    "details": {},
    "score": None,
    "own": 0,
    "fresh": None,
    "fresh_rows": 0,
    "rows": 0,
    "labels": None,
    "learner": None,
    "latency": None,
    "energy": None,
    "memory_mb": None,
    "others": None,
    "data": "",
    "test": "",
    "reason": None,
}
