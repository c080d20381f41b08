"""The verb predict, and calling a task: rows are checked as `add` checks them, and a model answers."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit import events
from tacit.arguments import checked
from tacit.errors import ArtifactError, NoModel, RowsError, nearest
from tacit.examples import Prediction
from tacit.files import Batch, read
from tacit.learners import Model, load_model
from tacit.matching import Parsed, match, parsed, pieces
from tacit.progress import Progress, report
from tacit.project import Project, current
from tacit.tasks import Task
from tacit.types import Category, Kind, Number

__all__ = ["answer", "answered", "answers", "model_of", "predict", "refuse"]

_KEPT = 8
_loaded: dict[Path, Model] = {}
_lock = threading.Lock()


@checked
def predict(
    task: Task[..., Any] | str,
    rows: Any,
    *,
    model: str | None = None,
    columns: Mapping[str, str] | None = None,
    log: bool = False,
) -> list[Prediction]:
    """Answer for each row, in order.

    Arguments:
        task: A task or its name.
        rows: Whatever `add` takes: a file, a frame, dicts, or plain values.
        model: The id of a model, such as `run.model`; the live release by default.
        columns: Their column -> our parameter, as in `add`.
        log: Keep the predictions with their inputs, so that `feedback` can refer to them; the server always does.

    Raises:
        NoModel: The task has no trained model yet, or no model of that id.
        RowsError: A row does not fit the task.
        DataError: A file cannot be read, or a column is missing.
        ArtifactError: The model's files are missing or damaged.
    """
    project = current()
    task = project.task(task)
    predictor, release = model_of(project, task, model)
    found: list[Prediction] = []
    for cells in _checked(task, rows, columns):
        given = answers(task.signature.output, predictor.predict(cells), release)
        if log:
            events.log(project, task, cells, given)
        found += given
        report(Progress(f"asking {task.name}", len(found)))
    return found


def answer(task: Task[..., Any], inputs: Mapping[str, Any]) -> Any:
    """The bare value for one example: what calling a task returns.

    Raises:
        NoModel: The task has no trained model yet.
        RowsError: An input does not fit.
    """
    predictor, release = model_of(current(), task, None)
    return answered(task, inputs, predictor, release).value


def answered(task: Task[..., Any], inputs: Mapping[str, Any], model: Model, release: int | None) -> Prediction:
    """What a model answers for one example, from its inputs as they were given. Raises `RowsError`."""
    (columns,) = _checked(task, [dict(inputs)])
    return answers(task.signature.output, model.predict(columns), release)[0]


def answers(output: Kind, predicted: NDArray[Any], release: int | None) -> list[Prediction]:
    """What a model gave, as predictions.

    Arguments:
        output: The task's return type, a category or a number.
        predicted: (n, n_classes) probabilities, or (n,) numbers.
        release: The version that gave it, or None.
    """
    if isinstance(output, Category):
        best = predicted.argmax(1)
        return [
            Prediction(output.classes[b], row[b], dict(zip(output.names, row, strict=True)), release, secrets.token_hex(16))
            for b, row in zip(best.tolist(), predicted.tolist(), strict=True)
        ]
    assert isinstance(output, Number)
    within = np.clip(predicted, output.low, output.high)
    values = np.rint(within).astype(int).tolist() if output.whole else within.tolist()
    return [Prediction(value, None, {}, release, secrets.token_hex(16)) for value in values]


def model_of(project: Project, task: Task[..., Any], model: str | None) -> tuple[Model, int | None]:
    """A model of a task, loaded at most once in this process, and its release where it is the live one.

    Raises:
        NoModel: There is none.
    """
    live = project.store.live(task.name)
    if model is None:
        if live is None:
            raise _untrained(project, task)
        model = live.model
    is_live = live is not None and live.model == model
    if live and is_live and live.folder and live.signature == task.signature.text:
        folder = project.hidden / live.folder
    else:
        folder = _folder(project, task, model)
    try:
        found = _load(folder)
    except ArtifactError:
        better = _folder(project, task, model)
        if better == folder:
            raise
        found = _load(better)  # a training that is under way has just put a better model in its place
    return found, live.version if live and is_live else None


def _folder(project: Project, task: Task[..., Any], model: str) -> Path:
    """Where a model of the task lies. Raises `NoModel` if there is none, or one for other types."""
    stored = project.store.model(model)
    if stored is None or stored.task != task.name:
        known = [m.id for m in project.store.models(task.name)]
        close = nearest(model, known)
        raise NoModel(
            f"{task.name} has no model {model}",
            right=f"its newest is {known[-1]}" if known else None,
            next=f"did you mean {close}?" if close else f"tacit train {task.name}",
        )
    if stored.signature != task.signature.text:
        before = json.loads(stored.signature)
        now = json.loads(task.signature.text)
        changed = [
            f"{n}: {before['columns'].get(n, 'none')} is now {k}"
            for n, k in now["columns"].items()
            if before["columns"].get(n) != k
        ]
        changed += [f"{n} is gone" for n in before["columns"] if n not in now["columns"]]
        changed += [f"-> {before['output']} is now {now['output']}"] if before["output"] != now["output"] else []
        raise NoModel(
            f"model {model} was trained before the types of {task.name} changed ({'; '.join(changed)})",
            where=task.where,
            next=f"tacit train {task.name}",
        )
    return project.hidden / stored.folder


def _load(folder: Path) -> Model:
    found = _loaded.get(folder)
    if found is not None:
        return found  # without the lock: another task's model may be loading
    with _lock:
        if folder not in _loaded:
            model = load_model(folder)
            while len(_loaded) >= _KEPT:
                _loaded.pop(next(iter(_loaded)))
            _loaded[folder] = model
        return _loaded[folder]


def _untrained(project: Project, task: Task[..., Any]) -> NoModel:
    count = project.store.count(task.name)
    what = (
        f"{task.name} has no trained model yet: {count.examples:,} examples, "
        f"{len(task.labeling_functions)} labeling functions, {count.labeled:,} labels"
    )
    return NoModel(what, next=f"tacit train {task.name}" if count.examples else f"tacit add {task.name} FILE --label COLUMN")


def _checked(task: Task[..., Any], rows: Any, renamed: Mapping[str, str] | None = None) -> Iterator[dict[str, list[Any]]]:
    """The columns of the rows, a batch at a time. Raises `RowsError` where one does not fit."""
    given = read(rows)
    matching = match(task, given, renamed)
    for whole in given.batches(matching.wanted):
        for batch in pieces(matching, whole):
            fit = parsed(matching, batch)
            refuse(task, given.name, batch, fit)
            if batch.numbers:
                yield fit.columns


def refuse(task: Task[..., Any], source: str, batch: Batch, fit: Parsed) -> None:
    """Raise `RowsError` if any row of a batch does not fit the task: an answer for each row, or none at all."""
    bad = {u.number: u.reason for u in batch.unreadable}
    bad |= {batch.numbers[i]: "; ".join(reasons) for i, reasons in fit.problems.items()}
    if bad:
        shown = "; ".join(f"row {n:,} {reason}" for n, reason in sorted(bad.items())[:5])
        raise RowsError(
            f"{len(bad):,} row{'s' * (len(bad) != 1)} of {source} {'do' if len(bad) != 1 else 'does'} not fit {task.name}{task.signature}: {shown}",
            next=f"mend {'it' if len(bad) == 1 else 'them'}, or have such rows set aside: tacit add {task.name} FILE",
        )
