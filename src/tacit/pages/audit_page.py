"""What a task leans on: each cue with rows to judge it by, and what somebody said of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from tacit.charts import Scale, scale
from tacit.countering import counterexamples
from tacit.cues import Association, Phrase
from tacit.datasets import examples_of
from tacit.errors import OptionError
from tacit.examples import Example, canonical
from tacit.findings import Audit
from tacit.pages.posted import Posted, reader
from tacit.pages.shell import HEADERS, Refused, Shell
from tacit.project import Project
from tacit.selections import Selection, preview
from tacit.tasks import Task
from tacit.types import Category, Number

__all__ = ["Card", "Row", "add", "axis_of", "cards_of"]

_WAIT_S = 0.4
_LONGER_S = 5.0
_ASKED = 20
"""Counter-examples that a button finds."""

_SHOWN = 300
"""Characters of a text."""


@dataclass(frozen=True)
class Row:
    """An example on a card.

    Attributes:
        id: Its id.
        parts: Its text in pieces, each with whether it is the cue.
        picture: The address of its image, where the cue is in one.
    """

    id: str
    parts: tuple[tuple[str, bool], ...]
    picture: str | None


@dataclass(frozen=True)
class Card:
    """An association with its rows.

    Attributes:
        key: What the buttons say which it is by.
        found: The association.
        verdict: What somebody said: "true", "false", or "".
        examples, contrast: Rows of the class, and of others, that have the cue.
    """

    key: str
    found: Association
    verdict: str
    examples: tuple[Row, ...]
    contrast: tuple[Row, ...]


def add(routes: APIRouter, shell: Shell) -> None:
    """The page `/tasks/NAME/audit`, the part of it that comes later, and what its buttons are sent to."""
    sent = Depends(reader(shell))

    @routes.get("/tasks/{name}/audit")
    def page(name: str) -> Response:
        task = shell.project.task(name)
        return shell.page("audit.html", task=task, section="audit", **_values(shell, task, _WAIT_S))

    @routes.get("/tasks/{name}/audit/cards")
    def cards(name: str) -> Response:
        task = shell.project.task(name)
        return shell.page("cards.html", task=task, **_values(shell, task, _LONGER_S))

    @routes.post("/tasks/{name}/audit/judge")
    def judge(name: str, posted: Posted = sent) -> Response:
        task = shell.project.task(name)
        found, verdict = _named(shell, task, posted), posted.one("verdict")
        if verdict not in ("true", "false"):
            raise OptionError("a cue is true or false", next="go back and choose one of the buttons")
        shell.project.store.judge_cue(task.name, canonical(found.cue.to_dict()), found.label, verdict)
        return RedirectResponse(f"/tasks/{task.name}/audit#{posted.one('key')}", 303, HEADERS)

    @routes.post("/tasks/{name}/audit/counterexamples")
    def counter(name: str, posted: Posted = sent) -> Response:
        task = shell.project.task(name)
        found = _named(shell, task, posted)
        there = shell.project.store.count(task.name).unlabeled
        chosen = counterexamples(task, found, n=max(1, min(_ASKED, there)))
        return shell.page("counterexamples.html", task=task, section="audit", found=found, rows=_chosen(task, chosen, found))


def _values(shell: Shell, task: Task[..., Any], wait: float) -> dict[str, Any]:
    """What the templates of an audit take."""
    fits = isinstance(task.signature.output, Category | Number)
    if not fits or shell.project.store.live(task.name) is None:
        return {"audited": None, "cards": [], "axis": None, "fits": fits}
    made = shell.audits.of(task, wait=wait)
    found = made.result
    return {
        "audited": made,
        "cards": [] if found is None else cards_of(shell.project, task, found),
        "axis": None if found is None else axis_of(found),
        "fits": True,
    }


def axis_of(found: Audit) -> Scale | None:
    """The axis on which the scores of all groups are drawn; None where nothing was measured."""
    if found.measured is None:
        return None
    whole = found.measured.scores.whole
    return scale([whole.value, *whole.interval, *(end for group in found.groups for end in (group.value, *group.interval))])


def cards_of(project: Project, task: Task[..., Any], found: Audit) -> list[Card]:
    """The associations with the rows to judge them by."""
    said = {_key(judged.label, canonical(judged.cue)): judged.verdict for judged in project.store.cues(task.name)}
    made = []
    for association in found.associations:
        key = _key(association.label, canonical(association.cue.to_dict()))
        sides = [
            tuple(_row(task, e, association) for e in examples_of(project, task, [found.ids[i] for i in rows]))
            for rows in (association.examples, association.contrast)
        ]
        made.append(Card(key, association, said.get(key, ""), sides[0], sides[1]))
    return made


def _chosen(task: Task[..., Any], chosen: Selection, found: Association) -> list[Row]:
    return [_row(task, example, found) for example in chosen.examples]


def _row(task: Task[..., Any], example: Example, association: Association) -> Row:
    cue = association.cue
    place = list(task.signature.columns).index(cue.column)
    if task.signature.columns[cue.column].role == "image":
        return Row(example.id, (), f"/tasks/{task.name}/examples/{example.id}/image/{place}")
    text = preview(example.inputs, _SHOWN)
    return Row(example.id, tuple(cue.parts(text)) if isinstance(cue, Phrase) else ((text, False),), None)


def _named(shell: Shell, task: Task[..., Any], posted: Posted) -> Association:
    """The association that a button was about, as the audit has it now."""
    made = shell.audits.of(task, wait=_LONGER_S)
    key = posted.one("key")
    for association in made.result.associations if made.result is not None else ():
        if _key(association.label, canonical(association.cue.to_dict())) == key:
            return association
    what = f"the audit of {task.name} has changed since the page was opened"
    raise Refused(409, OptionError(what, next="go back, reload the page and look again"))


def _key(label: str, cue_json: str) -> str:
    return "c" + hashlib.blake2b(f"{label}\n{cue_json}".encode(), digest_size=8).hexdigest()
