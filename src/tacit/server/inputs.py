"""What clients send -> values of a task's types, or one error that names every problem."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from typing import Any

from tacit.errors import RowsError, nearest, quote
from tacit.files import Batch
from tacit.matching import Matching, parsed
from tacit.server.schemas import sample
from tacit.tasks import Signature, Task
from tacit.types import ImageKind, Kind, Maybe, Record, Unfit, is_missing

__all__ = ["columns_of", "has_images", "how_to_send"]

_SHOWN = 5


def columns_of(task: Task[..., Any], rows: Sequence[Any], *, many: bool = False) -> dict[str, list[Any]]:
    """Rows -> column of the signature -> the parsed value of each row; None where it is missing.

    A row is an object of the task's parameters; of a lone record, also of its fields. A text is never read as a path.

    Arguments:
        rows: JSON, loaded; images are base64, or bytes.
        many: Whether to call them rows, by number.

    Raises:
        RowsError: Some do not fit.
    """
    signature = task.signature
    problems: dict[int, list[str]] = {}
    cells: dict[str, list[Any]] = {name: [] for name in signature.columns}
    for i, row in enumerate(rows):
        given, wrong = _cells(signature, row)
        for name in cells:
            cells[name].append(given.get(name))
        if wrong:
            problems[i] = wrong
    for name, kind in signature.columns.items():
        if (image := _image(kind)) is not None:
            cells[name] = [_sent_image(image, name, cell, i, problems) for i, cell in enumerate(cells[name])]
    fit = parsed(Matching(task, {name: name for name in cells}, {}), Batch(cells, range(1, len(rows) + 1)))
    for i, reasons in fit.problems.items():
        problems.setdefault(i, reasons)
    if problems:
        raise _refused(task, problems, many)
    return fit.columns


def has_images(task: Task[..., Any]) -> bool:
    """Whether any input is an image, which takes a while to check."""
    return any(_image(kind) is not None for kind in task.signature.columns.values())


@functools.lru_cache(maxsize=1024)
def how_to_send(task: Task[..., Any], *, many: bool = False) -> str:
    """The line that shows a request: `POST /v1/sentiment {"review": "a text"}`."""
    row = {name: sample(kind) for name, kind in task.signature.inputs.items()}
    body = json.dumps({"rows": [row]} if many else row, ensure_ascii=False)
    return f"POST /v1/{task.name}{'/batch' if many else ''} {body}"


def _cells(signature: Signature, row: Any) -> tuple[dict[str, Any], list[str]]:
    """The cell of each column, and what is wrong with the shape of the row."""
    if not isinstance(row, dict):
        return {}, [f"is {quote(row)}, no object"]
    cells: dict[str, Any] = {}
    wrong: list[str] = []
    taken = set()
    for name, kind in signature.inputs.items():
        if not isinstance(kind, Record):
            taken.add(name)
            cells[name] = row.get(name)
            continue
        fields = {field if signature.record else f"{name}.{field}": field for field, _ in kind.fields}
        if name in row and not any(column in row for column in fields):
            taken.add(name)
            inner = row[name]
            if isinstance(inner, dict):
                cells |= {column: inner.get(field) for column, field in fields.items()}
                wrong += [f"{name}.{key} {reason}" for key, reason in _extra(inner, [*fields.values()])]
            elif not is_missing(inner):
                wrong.append(f"{name} is {quote(inner)}, no object of {', '.join(fields.values())}")
        else:
            taken.update(fields)
            cells |= {column: row.get(column) for column in fields}
    known = [*taken, *(n for n in signature.inputs if n not in taken)]
    return cells, wrong + [f"{quote(key)} {reason}" for key, reason in _extra(row, known) if key not in taken]


def _extra(given: dict[str, Any], known: Sequence[str]) -> list[tuple[str, str]]:
    found = []
    for key in given:
        if key not in known:
            near = nearest(key, known)
            found.append((key, "is no input" + (f"; did you mean {quote(near)}?" if near else "")))
    return found


def _image(kind: Kind) -> ImageKind | None:
    bare = kind.kind if isinstance(kind, Maybe) else kind
    return bare if isinstance(bare, ImageKind) else None


def _sent_image(kind: ImageKind, name: str, cell: Any, row: int, problems: dict[int, list[str]]) -> Any:
    """An image as `Kind.parse` may see it: anything else than bytes could be taken for the path of a file here."""
    if cell is None or isinstance(cell, bytes):
        return cell
    try:
        if not isinstance(cell, str):
            raise Unfit(f"is {quote(cell)}; an image is base64, or a file of a form")
        head, comma, _ = cell[:100].partition(";base64,")
        return kind.from_json(cell[len(head + comma) :] if comma and head.startswith("data:") else cell)
    except Unfit as error:
        problems.setdefault(row, []).append(f"{name} {error.reason}")
        return None


def _refused(task: Task[..., Any], problems: dict[int, list[str]], many: bool) -> RowsError:
    called = f"{task.name}({', '.join(f'{n}: {k}' for n, k in task.signature.inputs.items())})"
    told = []
    for i, reasons in sorted(problems.items())[:_SHOWN]:
        more = [f"and {len(reasons) - _SHOWN:,} more problems"] if len(reasons) > _SHOWN else []
        reasons = [*reasons[:_SHOWN], *more]
        told.append((f"row {i + 1:,} " if many else "") + "; ".join(r if many or r[:3] != "is " else f"it {r}" for r in reasons))
    n = len(problems)
    what = f"{n:,} row{'s' * (n != 1)} {'do' if n != 1 else 'does'} not fit" if many else "the input does not fit"
    more_rows = f"; and {n - _SHOWN:,} more rows" if n > _SHOWN else ""
    return RowsError(f"{what} {called}: {'; '.join(told)}{more_rows}", next=how_to_send(task, many=many))
