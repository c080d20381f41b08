"""The verb where: a task is trained once, and it is measured where the time goes and what the machine was used for."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

from tacit.arguments import checked, seeded
from tacit.benchmarking.answers import FEWEST, UNTOLD, answers
from tacit.benchmarking.hardware_use import HardwareUse, Work, shares
from tacit.benchmarking.others import Others
from tacit.datasets import training_set
from tacit.errors import OptionError, nearest, quote
from tacit.evaluating import stored_tests
from tacit.hardware import peaks
from tacit.ladder import Trial, chosen, learnable, split
from tacit.learners import Cache, Model, get, save_model, settle
from tacit.learners.ensemble import Ensemble
from tacit.learning import Learned, learn
from tacit.metrics import Metric
from tacit.phases import phase, stopwatch
from tacit.progress import Progress, report
from tacit.project import current
from tacit.tasks import Task
from tacit.training import choices, seconds_of

__all__ = ["where"]

_NUMPY = "float32"
"""In which the learners fit that compute by NumPy."""

_REMEMBERED = "a whole fit of {}: made again, it has what was made of the rows; the phase data above has the seconds of that"


@checked
def where(task: Task[..., Any] | str, *, learner: str | None = None, budget: float | str = 60, seed: int = 0) -> HardwareUse:
    """Find out where the hardware goes: train a task from nothing, in this process, and keep nothing of it.

    The seconds are those of the whole training, by phase. Then the fit of the model is made again, without a deadline, and its operations
    are counted: where torch is used it is done once more for that, untimed, since counting takes time. At last the model answers many rows at
    once, and one by one, and the peaks of the machine are measured. All of it takes up to three times as long as the training.

    Arguments:
        task: A task or its name.
        learner: Which one; by default the cheapest that fits.
        budget: Seconds of the training, as in `train`.
        seed: Of everything that is drawn.

    Raises:
        OptionError: The learner is unknown, does not fit, or is several together.
        MissingExtra: It lacks something.
        TacitError: As `train` does.
    """
    began, others = time.monotonic(), Others()
    budget_s, seed = seconds_of(budget), seeded(seed)
    project = current()
    task = project.task(task)
    learnable(task.signature.columns, task.signature.output, task.name)
    known = [name for name in choices(task) if name != Ensemble.name]
    if learner is not None and learner not in known:
        raise OptionError(
            f"{quote(learner)} is no single learner of {task.name}",
            right=f"it is {', '.join(known)}",
            next=f"--learner {nearest(learner, known) or known[0]}",
        )
    number = count()
    with tempfile.TemporaryDirectory(prefix="tacit-") as folder:

        def keep(model: Model, trial: Trial, measured: Metric) -> None:
            save_model(model, Path(folder) / f"model-{next(number)}")

        with stopwatch() as watch:
            seen = project.store.count(task.name)
            with phase("load"):
                rows = training_set(project, task, upto=seen.last_label_seq, last=seen.last_example_seq)
            name = learner or chosen(rows.data, None, task.name).learners[0].name
            learned = learn(
                rows,
                task=task.name,
                began=began,
                budget_s=budget_s,
                target=None,
                metric=None,
                learners=[name],
                seed=seed,
                cache=Cache(Path(folder) / "features"),
                keep=keep,
            )
    crowded = others.share()
    report(Progress(f"counting operations of {name}", 0))
    fitted, steps, fit = _fit(learned)
    tests = next((columns for columns, _, ids, _, _ in stored_tests(project, task) if len(ids) >= FEWEST), None)
    asked = answers(name, learned.climb.model, rows.data.columns, tests, remembers=get(name).remembers)
    spent = shares(watch.seconds)
    return HardwareUse(
        task=task.name,
        learner=name,
        metric=learned.climb.metric,
        score=learned.climb.score,
        seconds=sum(spent.values()),
        phases=spent,
        members=len(learned.climb.made.settings.get("members", [None])),
        rows=fitted,
        steps=steps,
        works=(*fit, *asked),
        peaks=peaks(),
        others=crowded,
    )


def _fit(learned: Learned) -> tuple[int, int, list[Work]]:
    """The fit that gave the model, or the heaviest of its members, made again: its rows, its steps, and their operations in the
    seconds that they took."""
    made, rows = learned.climb.made, learned.rows
    laid = split(settle(rows.data), rows.ids, rows.scored, rows.bounds, made.seed, strata=rows.strata)
    name, settings, seed = made.learner, made.settings, made.seed
    data = laid.training(laid.parts[0], made.rows) if made.folds else laid.data
    if name == Ensemble.name:
        heaviest = settings["members"][0]
        name, settings, seed = heaviest["learner"], heaviest["settings"], seed + heaviest.get("more", 0)
        data = laid.training(laid.parts[heaviest["part"]], heaviest["rows"]) if "part" in heaviest else laid.data

    def fit() -> Model:
        return get(name).fit(data, settings, seed=seed, cache=Cache())

    with stopwatch() as watch:
        fit()
    counted, precision = watch, _NUMPY
    if "torch" in sys.modules:
        from tacit.learners.deep.counting import phased

        counted, told = phased(fit)
        precision = told or precision
    done = _ended(counted.operations, "forward"), _ended(counted.operations, "backward")
    why = None if all(done) else UNTOLD.format(name)
    seen = int(_ended(watch.rows, "forward"))
    whole = Work("a fit", seen, sum(watch.seconds.values()), sum(done) if all(done) else None, precision, why=why)
    if get(name).remembers:
        whole = Work("a fit", seen, None, why=_REMEMBERED.format(name))
    parts = [
        Work(f"its {name}", seen, _ended(watch.seconds, name), flops, precision)
        for name, flops in zip(("forward", "backward"), done, strict=True)
        if all(done)
    ]
    return data.n, int(_ended(watch.times, "forward")), [whole, *parts]


def _ended(figures: Mapping[str, float], name: str) -> float:
    """The sum of the figures of a phase, whatever it is in."""
    return sum(value for path, value in figures.items() if path.rpartition("/")[2] == name)
