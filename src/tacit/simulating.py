"""The verb simulate: labeling replayed on rows whose labels are known, by one strategy or by several."""

from __future__ import annotations

import functools
import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tacit import metrics
from tacit.arguments import checked, seeded
from tacit.comparisons import Comparison
from tacit.errors import NotLearnable, OptionError, SelectionError, TooFewLabels, nearest, quote
from tacit.labeled import LabeledData, labeled_data
from tacit.ladder import chosen, learnable
from tacit.learners import Data, Learner, choices
from tacit.progress import Progress, report
from tacit.project import current
from tacit.rehearsals import Rehearsal, rehearse, uses_proxy
from tacit.scouting import known_strategy
from tacit.simulations import Round, Simulation
from tacit.splits import HOLDOUT, holdout
from tacit.tasks import Task
from tacit.types import Category

__all__ = ["compare", "simulate"]


@checked
def simulate(
    task: Task[..., Any] | str,
    rows: Any,
    *,
    label: str,
    rounds: Sequence[int],
    strategy: str = "margin",
    proxy: str = "auto",
    learner: str | None = None,
    test: Any = None,
    metric: str | None = None,
    columns: Mapping[str, str] | None = None,
    values: Mapping[Any, Any] | None = None,
    seed: int = 0,
) -> Simulation:
    """Replay labeling on rows whose labels are known: what score a strategy comes to with how many labels. Nothing is stored.

    The first round is drawn by the seed, the same for every strategy. After each round but the last a proxy, fitted from scratch
    on the labels so far, helps the strategy to choose the next ones. The final learner is fitted from scratch in each round, with
    the first settings of its portfolio for so many rows, and scored. Ctrl-C returns the rounds that are done.

    Arguments:
        task: A task or its name.
        rows: The pool, with labels; whatever `add` takes. Rows of equal inputs are one.
        label: The column of labels, in `test` too.
        rounds: Numbers of labels, ascending: 100, 300, 600.
        strategy: One of `tacit.selection.names()`, or several with "+" between.
        proxy: The learner that chooses; "auto" is the cheapest that fits.
        learner: The final one; None is the cheapest that fits.
        test: Rows to score on. Without them a fifth of `rows` is held out, by the seed.
        metric: "accuracy" for categories and "r2" for numbers by default.
        columns, values: Their column -> our parameter, their label -> ours, as in `add`.
        seed: Of all draws and fits.

    Raises:
        OptionError: Rounds do not ascend, or the strategy, the proxy, the learner or the metric is unknown or does not fit.
        SelectionError: There are fewer rows than labels asked for.
        TooFewLabels: There is one class only, or there are no rows to score on.
        OutsideType: A label is not of the return type.
        NotLearnable: No learner takes such types, or the strategy needs classes.
    """
    asked = _asked(task, rows, label, rounds, [strategy], proxy, learner, test, metric, columns, values)
    return next(iter(_run(asked, [strategy], [seeded(seed)])))


@checked
def compare(
    task: Task[..., Any] | str,
    rows: Any,
    *,
    label: str,
    rounds: Sequence[int],
    strategies: Sequence[str] = ("margin", "random"),
    seeds: int = 3,
    proxy: str = "auto",
    learner: str | None = None,
    test: Any = None,
    metric: str | None = None,
    columns: Mapping[str, str] | None = None,
    values: Mapping[Any, Any] | None = None,
    seed: int = 0,
) -> Comparison:
    """Simulate several strategies with several seeds, `seed` and those after it. Ctrl-C returns what is done.

    Arguments and errors are those of `simulate`.
    """
    if not strategies or seeds < 1:
        raise OptionError(
            f"{len(strategies)} strategies with {seeds} seeds are nothing to compare",
            right="both are 1 or more",
            next="--strategy margin --strategy random --seeds 3",
        )
    names = list(dict.fromkeys(strategies))
    asked = _asked(task, rows, label, rounds, names, proxy, learner, test, metric, columns, values)
    return Comparison(tuple(_run(asked, names, [seeded(seed + i) for i in range(seeds)])))


@dataclass(frozen=True)
class _Asked:
    """What is to be replayed, checked.

    Attributes:
        task: Its name.
        data, ids: The rows to label, each once.
        test: What to score on; None holds out a fifth.
        notes: What a reader of the result should know.
    """

    task: str
    data: Data
    ids: list[str]
    test: LabeledData | None
    rounds: list[int]
    learner: Learner
    proxy: Learner
    metric: str
    notes: tuple[str, ...]

    def rehearsal(self, seed: int) -> Rehearsal:
        """What one seed makes of it. Raises `SelectionError` where there are fewer rows than labels asked for."""
        data, tested = self.data, None if self.test is None else self.test.data
        if tested is None and data.n:
            classes = data.target.argmax(axis=1) if data.classes else None
            out = holdout(self.ids, classes, HOLDOUT, seed=seed)
            data, tested = data.take(np.flatnonzero(~out)), data.take(np.flatnonzero(out))
        if self.rounds[-1] > data.n or tested is None:
            fifth = "" if self.test else ", after a fifth is held out to score on"
            raise SelectionError(
                f"{self.rounds[-1]:,} labels are more than the {data.n:,} rows of {self.task} that have labels{fifth}",
                right="the last round has at most all rows",
                next=f"--rounds {data.n}, or fewer" if data.n > 1 else "give rows with labels",
            )
        return Rehearsal(data, tested.columns, tested.target, self.rounds, self.learner, self.proxy, self.metric, seed)


def _asked(
    task: Task[..., Any] | str,
    rows: Any,
    label: str,
    rounds: Sequence[int],
    strategies: Sequence[str],
    proxy: str,
    learner: str | None,
    test: Any,
    metric: str | None,
    columns: Mapping[str, str] | None,
    values: Mapping[Any, Any] | None,
) -> _Asked:
    project = current()
    task = project.task(task)
    signature = task.signature
    learnable(signature.columns, signature.output, task.name)
    for strategy in strategies:
        _check_strategy(task, strategy)
    _check_rounds(rounds)
    by_learner, by_proxy = _named(task, learner, "learner"), _named(task, None if proxy == "auto" else proxy, "proxy")
    measured = metrics.check(metric or metrics.default(signature.output), signature.output)
    report(Progress(f"reading the rows of {task.name}", 0))
    read = functools.partial(labeled_data, project, task, label=label, columns=columns, values=values)
    tested = None if test is None else read(test, once=False)
    found = read(rows, but=frozenset() if tested is None else frozenset(tested.ids))
    if tested is not None and not tested.ids:
        raise TooFewLabels(
            f"the test set of {task.name} has no rows with labels",
            right="scores are measured on rows with labels",
            next=f"leave test out, and a fifth of the rows is held out; or check its column {quote(label)}",
        )
    _check_classes(task, found.data)
    return _Asked(
        task.name,
        found.data,
        found.ids,
        tested,
        list(rounds),
        chosen(found.data, by_learner, task.name).learners[0],
        chosen(found.data, by_proxy, task.name).learners[0],
        measured,
        (*found.notes, *(f"of the test set: {note}" for note in (tested.notes if tested else ()))),
    )


def _check_strategy(task: Task[..., Any], strategy: str) -> None:
    needs = known_strategy(strategy).needs
    if "votes" in needs:
        raise OptionError(
            f'"{strategy}" needs the votes of labeling functions, which a simulation does not ask for',
            right="the others choose by a proxy or by features",
            next="--strategy margin",
        )
    if "groups" in needs:
        raise OptionError(
            f'"{strategy}" needs to know whom a model fails, and a simulation knows no groups',
            right="select takes it, and audit shows what it comes to",
            next="--strategy margin",
        )
    if "probabilities" in needs and not isinstance(task.signature.output, Category):
        raise NotLearnable(
            f'{task.name} returns {task.signature.output}; "{strategy}" chooses among categories',
            next="--strategy k-center, committee or random",
        )


def _check_rounds(rounds: Sequence[int]) -> None:
    if not rounds or rounds[0] < 2 or any(b <= a for a, b in itertools.pairwise(rounds)):
        shown = ", ".join(f"{n:,}" for n in rounds) or "empty"
        raise OptionError(
            f"rounds are {shown}",
            right="they are numbers of labels that ascend, the first of them 2 or more",
            next="--rounds " + (",".join(map(str, sorted({n for n in rounds if n >= 2}))) or "100,300,600"),
        )


def _named(task: Task[..., Any], name: str | None, option: str) -> list[str] | None:
    """The learner as `chosen` takes it, if one of that name fits."""
    if name is None:
        return None
    fitting = [one for one in choices(task.signature.columns, task.signature.output) if one != "ensemble"]
    if name not in fitting:
        raise OptionError(
            f"there is no {option} {quote(name)} for {task.name}",
            right=f"it can be {' or '.join(fitting)}",
            next=f"--{option} {nearest(name, fitting) or fitting[0]}",
        )
    return [name]


def _check_classes(task: Task[..., Any], data: Data) -> None:
    if data.n and isinstance(data.output, Category):
        classes = np.unique(data.target.argmax(axis=1))
        if len(classes) < 2:
            raise TooFewLabels(
                f"all {data.n:,} labels of {task.name} are {data.output.names[classes[0]]}",
                right="it takes two classes to tell apart",
                next="give rows of all classes",
            )


def _run(asked: _Asked, strategies: Sequence[str], seeds: Sequence[int]) -> list[Simulation]:
    """Each strategy with each seed, seed by seed, so that what is done before Ctrl-C can be compared. At least one has a round."""
    tell = _teller(asked.rounds, len(strategies) * len(seeds))
    done: list[Simulation] = []
    for given in [asked.rehearsal(seed) for seed in seeds]:
        for strategy in strategies:
            rounds: list[Round] = []

            def note(one: Round, strategy: str = strategy, seed: int = given.seed, rounds: list[Round] = rounds) -> None:
                rounds.append(one)
                tell(strategy, seed, one)

            try:
                report(Progress(f"simulating {strategy}, seed {given.seed}", 0))
                rehearse(given, strategy, on_round=note)
            except KeyboardInterrupt:
                if not rounds and not done:
                    raise
                if rounds:
                    done.append(_simulation(asked, given, strategy, rounds, "interrupted"))
                return done
            done.append(_simulation(asked, given, strategy, rounds, "done"))
    return done


def _simulation(asked: _Asked, given: Rehearsal, strategy: str, rounds: Sequence[Round], stopped: str) -> Simulation:
    return Simulation(
        asked.task,
        strategy,
        given.proxy.name if uses_proxy(strategy, given.proxy) else None,
        given.learner.name,
        given.metric,
        tuple(rounds),
        given.seed,
        given.data.n,
        len(given.target),
        asked.test is not None,
        stopped,
        asked.notes if stopped == "done" else (*asked.notes, f"interrupted after {len(rounds)} of {len(asked.rounds)} rounds"),
    )


def _teller(rounds: Sequence[int], runs: int) -> Callable[[str, int, Round], None]:
    """Tells of each round, and how long the others will take: time is taken to grow with the labels."""
    began, whole, done = time.monotonic(), sum(rounds) * runs, 0

    def tell(strategy: str, seed: int, one: Round) -> None:
        nonlocal done
        done += one.labels
        spent = time.monotonic() - began
        doing = f"simulating {strategy}, seed {seed}: {one.score:.3f} with {one.labels:,} labels"
        report(Progress(doing, spent, spent * whole / done, timed=True))

    return tell
