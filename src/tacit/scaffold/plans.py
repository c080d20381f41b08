"""What a project is made of, before it is text: the plan, the examples it shows and the commands it tells."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from tacit.errors import quote
from tacit.scaffold import source
from tacit.scaffold.proposing import Proposal
from tacit.tables import table
from tacit.types import ImageKind, Kind, Maybe, Unfit, open_image

__all__ = ["ASKED", "SHOWN", "Content", "Plan", "asked", "bare", "commands", "examples", "kind_of", "proposal_table"]

Content: TypeAlias = str | bytes | Path
"""What a file of the project will hold; a path is copied from there."""

SHOWN = 40
"""Columns of a table on a terminal, and of those left out in a comment."""

ASKED = 3
"""Rows in the file to ask about."""

_MAPPED = 20  # --columns and --keep of a command line
_SHORT = 100  # characters of an input on a command line


@dataclass(frozen=True)
class Plan:
    """A project that is to be written.

    Attributes:
        project: Its name.
        task: The name of its task.
        file: The data, as commands name it from within the project.
        called: The data, as sentences call it.
        columns: What becomes of each column.
        rows: How many rows the data has.
        sample: A few of its rows, column -> cell.
    """

    project: str
    task: str
    file: str
    called: str
    columns: tuple[Proposal, ...]
    rows: int
    sample: tuple[dict[str, Any], ...]

    @property
    def inputs(self) -> list[Proposal]:
        """The columns that are inputs."""
        return [p for p in self.columns if p.role == "input"]

    @property
    def kept(self) -> list[str]:
        """The columns that are kept beside them."""
        return [p.column for p in self.columns if p.role == "keep"]

    @property
    def label(self) -> Proposal:
        """The column of labels."""
        return next(p for p in self.columns if p.role == "label")

    @property
    def renamed(self) -> dict[str, str]:
        """Their column -> our field, where these differ."""
        return {p.column: p.field for p in self.inputs if p.column != p.field}

    @property
    def record(self) -> bool:
        """Whether the inputs are fields of one record, instead of a single parameter."""
        return len(self.inputs) > 1

    @property
    def by_script(self) -> bool:
        """Whether a script adds the rows, since a command line cannot well name the columns."""
        named = [*self.renamed, *self.kept, self.label.column]
        odd = any(not name.isprintable() or not name for name in named) or any("=" in name for name in self.renamed)
        return odd or len(self.renamed) > _MAPPED or len(self.kept) > _MAPPED


def commands(plan: Plan) -> list[str]:
    """What to type, in the project's folder, from the data to a served model."""
    shown, _ = examples(plan)
    add = ["tacit", "add", plan.task, plan.file, "--label", plan.label.column]
    add += [part for pair in plan.renamed.items() for part in ("--columns", "=".join(pair))]
    add += [part for name in plan.kept for part in ("--keep", name)]
    return [
        "python add.py" if plan.by_script else shlex.join(add),
        f"tacit train {plan.task} --budget 30",
        shlex.join(["tacit", "predict", plan.task, *(asked(plan, shown) or ["data/example.jsonl"])]),
        "tacit serve",
    ]


def proposal_table(columns: Sequence[Proposal], *, most: int = SHOWN) -> str:
    """What becomes of each column, as a table."""
    roles = {"input": "", "label": "label: ", "keep": "kept: ", "leave": "left out: "}
    rows = [
        [
            quote(p.column, length=40)[1:-1],
            "-" if p.kind is None or p.role == "keep" else _cut(source.annotation(p.kind, used=-(10**9)), 32),
            roles[p.role] + p.why + (f" ({p.field})" if p.role == "input" and p.field != p.column else ""),
            _cut(", ".join(p.examples), 32),
        ]
        for p in columns[:most]
    ]
    more = f"\n... and {len(columns) - most:,} more columns" if len(columns) > most else ""
    return table(["column", "type", "why", "examples"], rows) + more


def _cut(text: str, length: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 3] + "..."


def bare(kind: Kind) -> Kind:
    """The kind of values that are there."""
    return kind.kind if isinstance(kind, Maybe) else kind


def kind_of(p: Proposal) -> Kind:
    """The kind of an input or a label, which always have one."""
    assert p.kind is not None
    return p.kind


def examples(plan: Plan) -> tuple[list[dict[str, Any]], dict[str, Content]]:
    """Rows of the data as JSON, field -> value, the fullest and shortest first; and pictures that they name."""
    rows: list[dict[str, Any]] = []
    pictures: dict[str, Content] = {}
    for row in plan.sample:
        made: dict[str, Any] = {}
        for p in plan.inputs:
            kind, cell = kind_of(p), row.get(p.column)
            if isinstance(bare(kind), ImageKind):
                cell = (cell["bytes"] or cell.get("path")) if isinstance(cell, dict) else cell
                if isinstance(cell, bytes) and cell:
                    name = f"data/example_{len(pictures) + 1}.{(open_image(cell).format or 'image').lower()}"
                    pictures[name] = cell
                    cell = name
                made[p.field] = cell if isinstance(cell, str) else None
                continue
            try:
                made[p.field] = kind.to_json(kind.parse(cell))
            except Unfit:
                made[p.field] = None
        rows.append(made)
    rows.sort(key=lambda made: (sum(v is None for v in made.values()), sum(len(str(v)) for v in made.values())))
    shown = {v for made in rows[:ASKED] for v in made.values() if isinstance(v, str)}
    return rows, {name: content for name, content in pictures.items() if name in shown}


def asked(plan: Plan, shown: Sequence[Mapping[str, Any]]) -> list[str] | None:
    """The one input of an example as options of `tacit predict`; None where a file asks better."""
    if plan.record or not shown:
        return None
    name, value = next(iter(shown[0].items()))
    text = str(value)
    short = value is not None and not isinstance(value, list) and text.isprintable() and len(text) <= _SHORT
    return ["--input", f"{name}={text}"] if short else None
