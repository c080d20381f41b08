"""The routes under /v1, and those that machines look at: /health, /metrics."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import anyio
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from tacit import events
from tacit.errors import NotLearnable, RowsError, TacitError, UnknownTask, nearest, quote
from tacit.examples import Feedback, Prediction
from tacit.freezing import thaw_columns
from tacit.predicting import answers, model_of
from tacit.project import Project
from tacit.server.bodies import LARGE, read_json, read_row
from tacit.server.inputs import columns_of, has_images, how_to_send
from tacit.server.meters import Meters
from tacit.server.replies import reply
from tacit.server.together import Together
from tacit.tasks import Task
from tacit.types import Key

__all__ = ["MAX_ROWS", "Api"]

MAX_ROWS = 10_000
"""The most rows in a batch."""

_AT_ONCE = 64
_ROWS_AT_ONCE = 512

T = TypeVar("T")
_Row = dict[str, Any]
_Said = tuple[Any, Any, Any]
_Stored = tuple[Task[..., Any], Feedback]


class Api:
    """The handlers of one project's routes, and the threads behind them.

    Each task has a thread that answers all requests for it that wait, with one call of the model and one transaction; a
    request is answered after its prediction is logged. One more thread stores feedback in the same way.
    """

    def __init__(self, project: Project, meters: Meters) -> None:
        self._project, self._meters = project, meters
        self._desks: dict[str, Together[_Row, Prediction]] = {
            name: Together(functools.partial(_answer, project, task), most=_AT_ONCE, name=f"answers for {name}")
            for name, task in project.tasks.items()
        }
        self._corrections: Together[_Said, _Stored] = Together(
            functools.partial(events.correct, project), most=_AT_ONCE, name="feedback"
        )

        # Work for a processor: more threads than there are would only hold more images in memory at once.
        self._threads = anyio.CapacityLimiter(max(2, os.cpu_count() or 2))

    def warm_up(self) -> list[TacitError]:
        """Have every live model answer once, so that the first request is as fast as the next; what fails is returned."""
        faults: list[TacitError] = []
        for task in self._project.tasks.values():
            if self._project.store.live(task.name) is not None:
                try:
                    model, _ = model_of(self._project, task, None)
                    # Some models import what they need for an answer with the first one.
                    for some in self._project.store.examples(task.name):
                        model.predict(thaw_columns(task.signature, some[:1], self._project.store))
                        break
                except TacitError as error:
                    faults.append(error)
        return faults

    def close(self) -> None:
        """Finish what waits and end the threads."""
        for desk in self._desks.values():
            desk.close()
        self._corrections.close()

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await anyio.to_thread.run_sync(work, limiter=self._threads)

    async def predict(self, request: Request) -> Response:
        """POST /v1/{task}"""
        task = self._task(request)
        row, size = await read_row(request, next=how_to_send(task))
        parse = functools.partial(columns_of, task, [row])
        columns = await self._in_thread(parse) if size > LARGE or has_images(task) else parse()
        prediction = await self._desks[task.name]({name: values[0] for name, values in columns.items()})
        self._meters.predicted(task.name, 1)
        return reply(_sent(task, prediction))

    async def batch(self, request: Request) -> Response:
        """POST /v1/{task}/batch"""
        task = self._task(request)
        next = how_to_send(task, many=True)
        body = await read_json(request, next=next)
        rows = body.get("rows") if isinstance(body, dict) else None
        if not isinstance(rows, list):
            raise RowsError(f"the body is {quote(body)}", right="it is an object with a list of rows", next=next)
        if extra := [key for key in body if key != "rows"]:
            raise RowsError(f"the body has {quote(extra[0])}", right="it has rows and nothing else", next=next)
        if len(rows) > MAX_ROWS:
            raise RowsError(
                f"the body has {len(rows):,} rows", right=f"at most {MAX_ROWS:,} are taken", next="send them in parts"
            )
        response = await self._in_thread(functools.partial(self._answer_all, task, rows))
        self._meters.predicted(task.name, len(rows))
        return response

    def _answer_all(self, task: Task[..., Any], rows: Sequence[Any]) -> Response:
        columns = columns_of(task, rows, many=True)
        predictor, release = model_of(self._project, task, None)
        found: list[Prediction] = []
        for start in range(0, len(rows), _ROWS_AT_ONCE):  # in parts, so that the others get a turn at the store
            part = {name: values[start : start + _ROWS_AT_ONCE] for name, values in columns.items()}
            given = answers(task.signature.output, predictor.predict(part), release)
            events.log(self._project, task, part, given)
            found += given
        return reply({"predictions": [_sent(task, prediction) for prediction in found]})

    async def feedback(self, request: Request) -> Response:
        """POST /v1/feedback"""
        next = 'POST /v1/feedback {"id": "...", "value": ...}, with the id of a prediction'
        body = await read_json(request, next=next)
        if not isinstance(body, dict) or body.keys() - {"by"} != {"id", "value"}:
            raise RowsError(f"the body is {quote(body)}", right="it is an object of id and value, and perhaps by", next=next)
        task, said = await self._corrections((body["id"], body["value"], body.get("by", "")))
        self._meters.corrected(task.name)
        value = task.signature.output.to_json(said.value)
        return reply({"id": said.id, "task": task.name, "value": value, "at": said.at})

    async def observe(self, request: Request) -> Response:
        """POST /v1/{task}/observe"""
        raise _no_keys(self._task(request), "observe")

    async def top(self, request: Request) -> Response:
        """POST /v1/{task}/top"""
        raise _no_keys(self._task(request), "rank")

    def describe(self, request: Request) -> Response:
        """GET /v1/{task}"""
        return reply(self._described(self._task(request)))

    def tasks(self, request: Request) -> Response:
        """GET /v1"""
        return reply({"tasks": [self._described(task) for _, task in sorted(self._project.tasks.items())]})

    def health(self, request: Request) -> Response:
        """GET /health: whether the store can be read."""
        self._project.store.live("")
        return reply({"status": "ok", "tasks": len(self._project.tasks)})

    async def metrics(self, request: Request) -> Response:
        """GET /metrics"""
        return PlainTextResponse(self._meters.text(), headers={"content-type": "text/plain; version=0.0.4; charset=utf-8"})

    def _task(self, request: Request) -> Task[..., Any]:
        name = request.path_params["task"]
        tasks = self._project.tasks
        if name not in tasks:
            close = nearest(name, tasks)
            raise UnknownTask(
                f"there is no task {quote(name)}",
                right=f"this server has {', '.join(sorted(tasks))}",
                next=f"did you mean {close}?" if close else "GET /v1",
            )
        return tasks[name]

    def _described(self, task: Task[..., Any]) -> dict[str, Any]:
        live = self._project.store.live(task.name)
        run = self._project.store.run(live.model) if live else None
        record: Mapping[str, Any] = run.record if run else {}
        metrics = {record["metric"]: {"value": record["score"], "interval": record["interval"]}} if run else {}
        return {
            "task": task.name,
            "question": task.question,
            "signature": {"text": f"{task.name}{task.signature}", **task.signature.describe()},
            "release": {"version": live.version, "model": live.model, "at": live.at} if live else None,
            "metrics": metrics,
        }


def _answer(project: Project, task: Task[..., Any], rows: Sequence[_Row]) -> list[Prediction]:
    """Answer rows of parsed values with the release that is live now, and log the answers."""
    columns = {name: [row[name] for row in rows] for name in task.signature.columns}
    predictor, release = model_of(project, task, None)
    found = answers(task.signature.output, predictor.predict(columns), release)
    events.log(project, task, columns, found)
    return found


def _sent(task: Task[..., Any], prediction: Prediction) -> dict[str, Any]:
    return prediction.to_dict() | {"value": task.signature.output.to_json(prediction.value)}


def _no_keys(task: Task[..., Any], verb: str) -> NotLearnable:
    if any(isinstance(kind, Key) for kind in task.signature.columns.values()):
        return NotLearnable(f"{task.name} does not learn online yet", next="POST /v1/feedback with the id of a prediction")
    return NotLearnable(
        f"{task.name} cannot {verb}: none of its inputs is an Id, so it has nothing to learn for a single user or item",
        next=how_to_send(task),
    )
