"""Trying a task from its page: a form becomes a row, the live release answers, and people say where it is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from tacit import events
from tacit.errors import OutsideType, RowsError, TacitError, quote
from tacit.examples import Prediction
from tacit.files import Batch
from tacit.freezing import thaw_columns
from tacit.matching import Matching, parsed
from tacit.pages import shown
from tacit.pages.example_pages import find
from tacit.pages.fields import PREFIX, field_for, fieldsets, sent_for, value_of
from tacit.pages.posted import Posted, reader
from tacit.pages.shell import HEADERS, Shell, status_of
from tacit.pages.task_page import Answer, pictures_of, render
from tacit.predicting import answers, model_of
from tacit.project import Project
from tacit.store import StoredExample
from tacit.tasks import Task
from tacit.types import Category, Kind, Maybe, Unfit

__all__ = ["add", "ask", "read"]


def add(routes: APIRouter, shell: Shell) -> None:
    """What the two forms of a task's page are sent to."""
    sent = Depends(reader(shell))

    @routes.post("/tasks/{name}")
    def try_it(name: str, posted: Posted = sent) -> Response:
        task = shell.project.task(name)
        like = posted.one("like")
        example = find(shell, task, like) if like else None
        values, problems = read(task, posted, _images(shell.project, task, example))
        pictures = pictures_of(task, example) if example else {}
        form = fieldsets(task.signature, sent_for(task.signature, posted), pictures, problems)
        if problems:
            return render(shell, task, form=form, like=like, problem=_unfit(task, problems), status=422)
        try:
            answer = _answer(task, ask(shell.project, task, values))
        except TacitError as error:
            return render(shell, task, form=form, like=like, problem=error, status=status_of(error))
        return render(shell, task, form=form, like=like, answer=answer)

    @routes.post("/tasks/{name}/feedback")
    def correct(name: str, posted: Posted = sent) -> Response:
        task = shell.project.task(name)
        try:
            value = value_of(task.signature.output, posted.texts.get("value", []))
        except Unfit as error:
            raise OutsideType(f"the correction {error.reason}", next="go back and choose what it should have been") from None
        (stored,) = events.correct(shell.project, [(posted.one("id"), value, "")], task=task)
        if isinstance(stored, TacitError):
            raise stored
        return RedirectResponse(f"/tasks/{task.name}?corrected=1#try", 303, HEADERS)


def read(task: Task[..., Any], posted: Posted, kept: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """What a form sent: column -> parsed value, and column -> what is wrong with it.

    Arguments:
        kept: Column -> the image that stands in where no file was chosen.
    """
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for column, kind in task.signature.columns.items():
        name = PREFIX + column
        try:
            values[column] = value_of(kind, posted.texts.get(name, []), posted.files.get(name, kept.get(column)))
        except Unfit as error:
            problems[column] = error.reason + (f"; did you mean {quote(error.near)}?" if error.near is not None else "")
    return values, problems


def ask(project: Project, task: Task[..., Any], values: Mapping[str, Any]) -> Prediction:
    """The live release's answer for one row of parsed values, logged so that it can be corrected.

    Raises:
        NoModel: There is no live release.
        RowsError: The class of a record refuses its values.
        StoreUnavailable: It cannot be logged.
    """
    predictor, release = model_of(project, task, None)
    row = Batch({column: [value] for column, value in values.items()}, [1])
    fit = parsed(Matching(task, {column: column for column in values}, {}), row)
    if fit.problems:
        raise RowsError("; ".join(fit.problems[0]), next="mend it in the form and ask again")
    given = answers(task.signature.output, predictor.predict(fit.columns), release)
    events.log(project, task, fit.columns, given)
    return given[0]


def _images(project: Project, task: Task[..., Any], example: StoredExample | None) -> dict[str, Any]:
    """Column -> the image that an example has there."""
    if example is None or not pictures_of(task, example):
        return {}
    columns = thaw_columns(task.signature, [example], project.store)
    return {column: columns[column][0] for column in pictures_of(task, example)}


def _unfit(task: Task[..., Any], problems: Mapping[str, str]) -> TacitError:
    said = "; ".join(f"{column} {reason}" for column, reason in list(problems.items())[:5])
    return RowsError(f"this does not fit {task.name}: {said}", next="mend what is marked and ask again")


def _answer(task: Task[..., Any], given: Prediction) -> Answer:
    output = task.signature.output
    names = shown.class_names(output)
    scores = sorted(((names.get(c, c), float(p)) for c, p in given.scores.items()), key=lambda s: -s[1])
    text = "no answer: not sure enough" if given.value is None else shown.label(output, output.to_json(given.value))
    correction = field_for("value", "correction", "It is", _bare(output), _other(output, given.value))
    return Answer(text, given.confidence, tuple(scores), given.release, given.id, correction)


def _other(output: Kind, value: Any) -> tuple[str, ...]:
    """Of two classes the one that was not given, since that is what a correction will say."""
    bare = _bare(output)
    if isinstance(bare, Category) and len(bare.classes) == 2 and value is not None:
        return (str(1 - bare.index(value)),)
    return ()


def _bare(kind: Kind) -> Kind:
    return kind.kind if isinstance(kind, Maybe) else kind
