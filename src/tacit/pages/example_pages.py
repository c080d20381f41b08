"""The examples of a task: a list with search and filters, and a page for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import EllipsisType
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from tacit.browsing import LONGEST_QUERY, Said, Seen, browse, labels_of, neighbors
from tacit.errors import OptionError, UnknownExample, quote
from tacit.pages import shown
from tacit.pages.shell import Shell
from tacit.store import StoredExample
from tacit.tasks import Task

__all__ = ["Card", "Given", "add", "find"]

_LABELED: dict[str, bool | None] = {"": None, "labeled": True, "unlabeled": False}
_SPLIT: dict[str, str | EllipsisType | None] = {"": ..., "train": "train", "test": "test", "neither": None}
_PAIRS = 7


@dataclass(frozen=True)
class Given:
    """A value and how often it was said of an example."""

    text: str
    n: int


@dataclass(frozen=True)
class Card:
    """An example in the list.

    Attributes:
        example: As stored.
        lead: The cell that it is told apart by: its first text, or None.
        images: Its images, with their places among the columns.
        pairs: Its other cells, as far as there is room.
        more: How many cells are left out.
        given: What its labels that stand say.
    """

    example: StoredExample
    lead: shown.Cell | None
    images: tuple[tuple[int, shown.Cell], ...]
    pairs: tuple[shown.Cell, ...]
    more: int
    given: tuple[Given, ...]


def add(routes: APIRouter, shell: Shell) -> None:
    """The pages `/tasks/NAME/examples` and `/tasks/NAME/examples/ID`."""
    store = shell.project.store

    @routes.get("/tasks/{name}/examples")
    def examples(name: str, q: str = "", labeled: str = "", split: str = "", after: str = "", before: str = "") -> Response:
        task = shell.project.task(name)
        asked = {"q": q.strip()[:LONGEST_QUERY], "labeled": labeled, "split": split}
        if labeled not in _LABELED or split not in _SPLIT:
            raise OptionError("the list has no such filter", next="choose one of the filters above the list")
        page = browse(
            store,
            task.name,
            text=asked["q"],
            labeled=_LABELED[labeled],
            split=_SPLIT[split],
            after=_place(after) or 0,
            before=_place(before),
        )
        cards = [_card(task, seen) for seen in page.shown]
        counts = store.count(task.name)
        return shell.page(
            "examples.html",
            task=task,
            section="examples",
            cards=cards,
            gallery=all(len(card.images) == 1 and not card.lead and not card.pairs for card in cards),
            counts=counts,
            asked=asked,
            filtered=any(asked.values()),
            back=None if page.before is None else _query(asked, "before", page.before),
            on=None if page.after is None else _query(asked, "after", page.after),
        )

    @routes.get("/tasks/{name}/examples/{id}")
    def example(name: str, id: str) -> Response:
        task = shell.project.task(name)
        found = find(shell, task, id)
        said = labels_of(store, task.name, [found.id]).get(found.id, ())
        back, on = neighbors(store, task.name, found)
        return shell.page(
            "example.html",
            task=task,
            section="examples",
            example=found,
            cells=list(enumerate(shown.cells(task.signature, found.inputs))),
            extra=[shown.Cell(k, "text", v if isinstance(v, str) else shown.plain(v)) for k, v in found.extra.items()],
            said=said[::-1][:200],
            label=lambda value: shown.label(task.signature.output, value),
            back=back,
            on=on,
        )


def find(shell: Shell, task: Task[..., Any], id: str) -> StoredExample:
    """The example of an address. Raises `UnknownExample`."""
    if not id.isascii() or not id.isalnum() or len(id) > 32:
        raise UnknownExample(
            f"{quote(id)} is no id of an example",
            right="an id is 32 hexadecimal digits",
            next=f"open /tasks/{task.name}/examples",
        )
    return shell.project.store.find(task.name, id)


def _card(task: Task[..., Any], seen: Seen) -> Card:
    cells = list(enumerate(shown.cells(task.signature, seen.example.inputs)))
    kinds = task.signature.columns
    written = [cell for _, cell in cells if cell.kind == "text" and (len(cells) == 1 or str(kinds[cell.name]) != "str")]
    lead = written[0] if written else None
    images = tuple((place, cell) for place, cell in cells if cell.kind == "image")
    others = [cell for _, cell in cells if cell is not lead and cell.kind != "image"]
    return Card(seen.example, lead, images[:4], tuple(others[:_PAIRS]), max(0, len(others) - _PAIRS), _given(task, seen.labels))


def _given(task: Task[..., Any], said: Sequence[Said]) -> tuple[Given, ...]:
    counted: dict[str, int] = {}
    for one in said:
        if one.stands:
            text = shown.label(task.signature.output, one.value)
            counted[text] = counted.get(text, 0) + 1
    return tuple(Given(text, n) for text, n in counted.items())


def _place(text: str) -> int | None:
    if text == "":
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise OptionError("the address names no place in the list", next="open the list from its start")
    return int(text)


def _query(asked: dict[str, str], name: str, place: int) -> str:
    return "?" + urlencode({k: v for k, v in asked.items() if v} | {name: str(place)})
