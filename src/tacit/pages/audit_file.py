"""An audit as one HTML file, for those who have no server: nothing in it is fetched from anywhere."""

from __future__ import annotations

import base64
import time
from dataclasses import replace
from typing import Any

from tacit.findings import Audit
from tacit.freezing import thaw_columns
from tacit.pages.audit_page import Card, Row, axis_of, cards_of
from tacit.pages.beside import Made
from tacit.pages.pictures import thumbnail
from tacit.pages.shell import Shell
from tacit.project import Project
from tacit.tasks import Task
from tacit.types import Unfit

__all__ = ["audit_file"]

_SIDE = 64
"""The longest side of a picture, in pixels: 240 of them are some 2 MB."""


def audit_file(project: Project, task: Task[..., Any], found: Audit) -> str:
    """The file, under 5 MB whatever was audited: at most ten cues are shown, with at most 24 rows each.

    Raises:
        StoreError: The store cannot be read.
    """
    made: Made[Audit] = Made(result=found)
    made.done.set()
    cards = [_kept(project, task, card) for card in cards_of(project, task, found)]
    values = {"audited": made, "found": found, "cards": cards, "axis": axis_of(found), "fits": True, "at": time.time()}
    return Shell(project).file("audit_file.html", task=task, **values)


def _kept(project: Project, task: Task[..., Any], card: Card) -> Card:
    """The card with its pictures in it."""
    column = card.found.cue.column
    return replace(
        card,
        examples=tuple(_row(project, task, row, column) for row in card.examples),
        contrast=tuple(_row(project, task, row, column) for row in card.contrast),
    )


def _row(project: Project, task: Task[..., Any], row: Row, column: str) -> Row:
    if row.picture is None:
        return row
    for batch in project.store.examples(task.name, ids=[row.id]):
        value = thaw_columns(task.signature, batch, project.store)[column][0]
        try:
            png = base64.b64encode(thumbnail(value, _SIDE)).decode("ascii")
        except Unfit:
            break
        return replace(row, picture=f"data:image/png;base64,{png}")
    return replace(row, parts=(("an image that cannot be shown", False),), picture=None)
