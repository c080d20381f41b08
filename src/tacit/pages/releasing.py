"""The buttons of a task's page that move the live pointer."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from tacit.errors import NoModel, OptionError, quote
from tacit.pages.posted import Posted, reader
from tacit.pages.shell import HEADERS, Refused, Shell
from tacit.releases import release, rollback
from tacit.tasks import Task

__all__ = ["add"]


def add(routes: APIRouter, shell: Shell) -> None:
    """What the buttons are sent to; both lead back to the page."""
    sent = Depends(reader(shell))

    @routes.post("/tasks/{name}/release")
    def make_live(name: str, posted: Posted = sent) -> Response:
        task = shell.project.task(name)
        _check_seen(shell, task, posted)
        release(task, _version(posted.one("version")))
        return _back(task)

    @routes.post("/tasks/{name}/rollback")
    def roll_back(name: str, posted: Posted = sent) -> Response:
        task = shell.project.task(name)
        _check_seen(shell, task, posted)
        rollback(task)
        return _back(task)


def _check_seen(shell: Shell, task: Task[..., Any], posted: Posted) -> None:
    """Refuse a button of a page that is out of date: a double click is one step back, not two."""
    live = shell.project.store.live(task.name)
    now = str(live.version) if live else ""
    if posted.one("seen") != now:
        what = f"the live release of {task.name} has changed since the page was opened"
        raise Refused(409, OptionError(what, right=f"it is {now or 'none'} now", next="go back, reload the page and look again"))


def _version(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise NoModel(f"there is no release {quote(text)}", next="go back and choose one of the list")
    return int(text)


def _back(task: Task[..., Any]) -> Response:
    return RedirectResponse(f"/tasks/{task.name}#releases", 303, HEADERS)
