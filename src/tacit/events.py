"""What happens while a task is in use: predictions are logged, and feedback on them becomes labels."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from tacit.collecting import parsed_label
from tacit.errors import OptionError, TacitError, UnknownPrediction, UnknownTask, quote
from tacit.examples import Feedback, Prediction, content_id
from tacit.freezing import freeze, freeze_label
from tacit.project import Project, current
from tacit.store import Correction, Served, StoredPrediction, is_unnamed
from tacit.tasks import Task

__all__ = ["correct", "feedback", "feedbacks", "log"]

_LONGEST = 200


def log(project: Project, task: Task[..., Any], columns: Mapping[str, Sequence[Any]], predictions: Sequence[Prediction]) -> None:
    """Keep predictions with their inputs, all in one transaction. They survive a kill once this returns.

    Arguments:
        columns: Column of the signature -> the parsed value of each row; None where it is missing.
        predictions: One for each row.

    Raises:
        StoreUnavailable: The disk is full, or the store locked, read-only or damaged.
    """
    at, output = time.time(), task.signature.output
    entries = []
    for i, given in enumerate(predictions):
        inputs, blobs = freeze(task.signature, {name: values[i] for name, values in columns.items()})
        value = freeze_label(output, given.value)
        entries.append(Served(given.id, task.name, given.release, inputs, value, given.confidence, at, blobs))
    project.store.append(entries)


def feedback(task: Task[..., Any] | str, prediction_id: str, value: Any, *, by: str = "") -> Feedback:
    """Say what the answer of a logged prediction should have been. It is on disk when this returns.

    It becomes a label of the example, with source "feedback". Said again of the same prediction, or by the same person of the
    same example, the newest word counts. How far a person is to be trusted is estimated when `train` learns from it.

    Arguments:
        task: A task or its name.
        prediction_id: Whole, as `prediction.id` and the server give it.
        value: Of the task's return type, or as text or JSON.
        by: Who says so, at most 200 characters; "" is not known.

    Raises:
        UnknownPrediction: No prediction of that id was logged for the task.
        OutsideType: The value is not of the return type.
        OptionError: `by` is no name.
    """
    project = current()
    (found,) = correct(project, [(prediction_id, value, by)], task=project.task(task))
    if isinstance(found, TacitError):
        raise found
    return found[1]


def feedbacks(task: Task[..., Any] | str) -> list[Feedback]:
    """All feedback on a task, oldest first; what was said again is there again.

    Raises:
        OutsideType: A value is not of the return type any more.
    """
    project = current()
    task = project.task(task)
    line = f"tacit db relabel {task.name} OLD NEW"
    return [
        Feedback(event.prediction, event.inputs, parsed_label(task, event.value, line=line), event.at)
        for page in project.store.feedbacks(task.name)
        for event in page
    ]


def correct(
    project: Project, said: Sequence[tuple[Any, Any, Any]], *, task: Task[..., Any] | None = None
) -> list[tuple[Task[..., Any], Feedback] | TacitError]:
    """Store several corrections in one transaction; each stands or falls alone.

    Arguments:
        said: The id of a prediction, what its answer should have been, and who says so ("" is not known).
        task: Whose predictions they are; any of the project's by default.

    Returns:
        For each its task and what was stored, or why it was not: `UnknownPrediction`, `OutsideType`, `UnknownTask` or `OptionError`.
    """
    logged = project.store.predictions_named({id for id, *_ in said if _is_id(id)})
    at = time.time()
    found: list[tuple[Task[..., Any], Feedback] | TacitError] = []
    corrections = []
    for id, value, by in said:
        prediction = logged.get(id) if _is_id(id) else None
        try:
            if prediction is None or (task is not None and prediction.task != task.name):
                raise _unknown(project, id, prediction, task)
            theirs, who = task or _declared(project, prediction), _name(by)
            line = f"tacit feedback {theirs.name} {id} {{}}"
            parsed = parsed_label(theirs, value, line=line)
        except TacitError as error:
            found.append(error)
            continue
        frozen = freeze_label(theirs.signature.output, parsed)
        example = content_id(prediction.inputs)
        corrections.append(Correction(prediction.id, prediction.task, example, prediction.inputs, frozen, at, who))
        found.append((theirs, Feedback(prediction.id, json.loads(prediction.inputs), parsed, at)))
    if corrections:
        project.store.append(corrections)
    return found


def _name(by: Any) -> str:
    if isinstance(by, str) and len(by) <= _LONGEST and (not by or by.strip()) and not is_unnamed(by):
        return by
    raise OptionError(
        f"by is {quote(by)}",
        right=f"it names a person in at most {_LONGEST} characters",
        next='{"id": ..., "value": ..., "by": "ann"}',
    )


def _is_id(id: Any) -> bool:
    return isinstance(id, str) and len(id) == 32 and id.isascii() and id.isalnum()


def _declared(project: Project, prediction: StoredPrediction) -> Task[..., Any]:
    if prediction.task not in project.tasks:
        raise UnknownTask(
            f"prediction {prediction.id[:8]} is of the task {prediction.task}, which no task file declares",
            next=f"tacit db rename {prediction.task} NEW_NAME",
        )
    return project.tasks[prediction.task]


def _unknown(project: Project, id: Any, prediction: StoredPrediction | None, task: Task[..., Any] | None) -> UnknownPrediction:
    names = [task.name] if task else list(project.tasks)
    name = names[0] if len(names) == 1 else "TASK"
    if prediction is not None:
        return UnknownPrediction(
            f"prediction {id} is of {prediction.task}, not of {name}", next=f"tacit feedback {prediction.task} {id} VALUE"
        )
    near = None
    if isinstance(id, str) and id.isascii() and id.isalnum():
        near = next((n for n in (project.store.nearest_prediction(task, id) for task in names) if n), None)
    return UnknownPrediction(
        f"no prediction {quote(id)} was logged" + (f" for {name}" if len(names) == 1 else ""),
        right=f"the nearest is {near}" if near else "an id is 32 hexadecimal digits",
        next=f"tacit feedback {name} {near} VALUE" if near else f"tacit predict {name} ROWS --log",
    )
