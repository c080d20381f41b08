"""How values read on a page: cut where they are long, marked where they are missing."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tacit.tables import seconds
from tacit.tasks import Signature
from tacit.types import Category, Kind, Maybe, Record

__all__ = ["FILTERS", "Cell", "Clip", "cells", "class_names", "clip", "label", "plain"]


@dataclass(frozen=True)
class Clip:
    """A text in two parts: what is shown at once, and what can be opened.

    Attributes:
        head: The start; the whole text where `rest` is empty.
        rest: How it goes on, up to a bound.
        left_out: How many characters are not on the page at all.
        length: Of the whole text, in characters.
    """

    head: str
    rest: str
    left_out: int
    length: int


def clip(text: str, short: int = 400, longest: int = 20_000) -> Clip:
    """Cut a text at a space near `short` characters, and for good at `longest`.

    Example:
        >>> clip("glad and sad", 8)
        Clip(head='glad and', rest=' sad', left_out=0, length=12)
    """
    if len(text) <= short:
        return Clip(text, "", 0, len(text))
    space = text.rfind(" ", short - 40 if short > 40 else 0, short + 1)
    at = space if space > 0 else short
    return Clip(text[:at], text[at:longest], max(0, len(text) - longest), len(text))


@dataclass(frozen=True)
class Cell:
    """One input of an example.

    Attributes:
        name: Of the column.
        kind: "text", "image", "missing", or "value" for what is short and plain.
        text: How it reads; "" for images.
    """

    name: str
    kind: str
    text: str


def cells(signature: Signature, inputs: Mapping[str, Any]) -> list[Cell]:
    """The inputs of a stored example, a column at a time."""
    found = []
    for name, data in signature.flatten(inputs).items():
        kind = signature.columns[name]
        if data is None:
            found.append(Cell(name, "missing", ""))
        elif kind.role == "image":
            found.append(Cell(name, "image", ""))
        else:
            found.append(Cell(name, "text" if kind.role in ("text", "words") else "value", label(kind, data)))
    return found


def label(kind: Kind, data: Any) -> str:
    """A value as a person reads it, from its JSON.

    Arguments:
        kind: What it is; JSON that does not fit it (of a task whose types changed) is shown as it is.
        data: JSON, loaded.
    """
    bare = kind.kind if isinstance(kind, Maybe) else kind
    if data is None:
        return "none"
    if isinstance(data, bool):
        return "yes" if data else "no"
    if isinstance(data, str):
        return data
    if isinstance(data, int | float):
        return _number(data)
    if isinstance(bare, Record) and isinstance(data, dict):
        return ", ".join(f"{name}: {label(k, data.get(name))}" for name, k in bare.fields)
    if bare.role == "words" and isinstance(data, list):
        return " ".join(map(str, data))
    if bare.role == "spans" and isinstance(data, list):
        return (
            ", ".join(f"{s['label']} {s['start']}-{s['end']}" if isinstance(s, dict) else str(s) for s in data) or "none of them"
        )
    if isinstance(data, list):
        return ", ".join(v if isinstance(v, str) else json.dumps(v) for v in data) or "none of them"
    return json.dumps(data, ensure_ascii=False)


def class_names(kind: Kind) -> dict[str, str]:
    """The names of a category's classes, as predictions spell them -> as a person reads them."""
    bare = kind.kind if isinstance(kind, Maybe) else kind
    if not isinstance(bare, Category):
        return {}
    return {name: label(bare, bare.to_json(c)) for name, c in zip(bare.names, bare.classes, strict=True)}


def plain(data: Any) -> str:
    """JSON of no particular kind."""
    return "none" if data is None else json.dumps(data, ensure_ascii=False)


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}" if abs(value) < 1e6 else f"{value:.6g}"


def figure(value: float | None, digits: int = 3) -> str:
    """A measured number: 0.988; a dash where there is none."""
    if value is None or not math.isfinite(value):
        return "–"  # noqa: RUF001
    return f"{value:,.{digits}f}" if abs(value) < 1000 else f"{value:,.0f}"


def percent(value: float) -> str:
    """A share from 0 to 1, in percent: 98.7 %. What is not quite all or nothing is not rounded to it."""
    share = 100 * value
    said = f"{share:.1f} %" if 0.05 <= share <= 99.95 else "over 99.9 %" if share > 50 else "under 0.1 %"
    return ("0 %" if value == 0 else "100 %" if value == 1 else said).replace(" %", "\u00a0%")


def moment(at: float) -> str:
    """Seconds since 1970 as a date and a time of day, UTC."""
    return dt.datetime.fromtimestamp(at, dt.UTC).strftime("%d %b %Y, %H:%M UTC").lstrip("0")


def iso(at: float) -> str:
    """Seconds since 1970 as machines read it."""
    return dt.datetime.fromtimestamp(at, dt.UTC).isoformat(timespec="seconds")


def count(n: int, noun: str) -> str:
    """A number with its noun: 1 label, 3,300 labels."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


FILTERS: dict[str, Callable[..., Any]] = {
    "clip": clip,
    "count": count,
    "figure": figure,
    "iso": iso,
    "moment": moment,
    "percent": percent,
    "seconds": seconds,
}
"""What templates call with `|`."""
