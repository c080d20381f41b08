"""Forms made from types: which control asks for a kind, and how what was typed becomes a value."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tacit.errors import quote
from tacit.pages.posted import Posted
from tacit.pages.shown import class_names
from tacit.tasks import Signature
from tacit.types import Category, ImageKind, Key, Kind, Maybe, Moment, MultiCategory, Number, Record, TextKind, Unfit, VectorKind

__all__ = ["Field", "Fieldset", "field_for", "fieldsets", "sent_for", "typed", "value_of"]

PREFIX = "in."
"""In front of the names of inputs in a form, so that an input may be called "token"."""


@dataclass(frozen=True)
class Field:
    """One question of a form.

    Attributes:
        name: In the form; `id` is the same without what CSS and scripts would trip over.
        title: What stands above it.
        control: "area", "line", "choice", "choices", "number", "date", "datetime-local" or "file".
        required: Whether it has to be filled in.
        options: For choices, what can be chosen; the position is what is sent.
        low, high, step: For numbers, as HTML spells them; "" for none.
        hint: How to write it, where that is not plain.
        values: What it is filled with; for choices, positions.
        picture: The address of an image that stands in for a file that is not chosen.
        problem: What was wrong with what was sent; "" where nothing was.
    """

    name: str
    id: str
    title: str
    control: str
    required: bool
    options: tuple[str, ...] = ()
    low: str = ""
    high: str = ""
    step: str = ""
    hint: str = ""
    values: tuple[str, ...] = ()
    picture: str = ""
    problem: str = ""

    @property
    def value(self) -> str:
        """The first of `values`, or ""."""
        return self.values[0] if self.values else ""


@dataclass(frozen=True)
class Fieldset:
    """The fields of one parameter; `legend` is its name where it has several fields."""

    legend: str
    fields: tuple[Field, ...]


def fieldsets(
    signature: Signature,
    filled: Mapping[str, Sequence[str]] | None = None,
    pictures: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
) -> list[Fieldset]:
    """The form of a task's inputs.

    Arguments:
        signature: Of the task.
        filled: Column -> what its field is filled with.
        pictures: Column -> the address of an image that is taken where no file is chosen.
        problems: Column -> what was wrong with it.
    """
    filled, pictures, problems = filled or {}, pictures or {}, problems or {}

    def made(place: int, column: str, title: str) -> Field:
        return field_for(
            PREFIX + column,
            f"in-{place}",
            title,
            signature.columns[column],
            tuple(filled.get(column, ())),
            pictures.get(column, ""),
            problems.get(column, ""),
        )

    places = {column: place for place, column in enumerate(signature.columns)}
    sets = []
    for name, kind in signature.inputs.items():
        if isinstance(kind, Record):
            columns = [(f, f if signature.record else f"{name}.{f}") for f, _ in kind.fields]
            sets.append(Fieldset(name, tuple(made(places[c], c, f) for f, c in columns)))
        else:
            sets.append(Fieldset("", (made(places[name], name, name),)))
    return sets


def field_for(
    name: str, id: str, title: str, kind: Kind, values: tuple[str, ...] = (), picture: str = "", problem: str = ""
) -> Field:
    """The field that asks for a value of this kind."""
    bare, required = (kind.kind, False) if isinstance(kind, Maybe) else (kind, True)
    shape: dict[str, Any] = {"control": "line"}
    match bare:
        case Category():
            shape = {"control": "choice", "options": tuple(class_names(bare).values())}
        case MultiCategory():
            shape = {"control": "choices", "options": bare.of.names}
            required = False
        case Number():
            shape = {"control": "number", "step": "1" if bare.whole else "any", "low": _end(bare.low), "high": _end(bare.high)}
            if shape["low"] and shape["high"]:
                shape["hint"] = f"{shape['low']} to {shape['high']}"
        case Moment():
            shape = {"control": "datetime-local" if bare.has_time else "date", "step": "1" if bare.has_time else ""}
        case ImageKind():
            shape = {"control": "file", "hint": "JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF"}
        case VectorKind():
            shape["hint"] = f"{bare.n} number{'s' * (bare.n != 1)}, with commas between them"
        case Key():
            shape["hint"] = 'digits are a number; in quotes they are text: "7"'
        case TextKind():
            shape["control"] = "line" if bare.written == "str" else "area"
    return Field(name, id, title, required=required, values=values, picture=picture, problem=problem, **shape)


def _end(value: float) -> str:
    return "" if math.isinf(value) else str(int(value)) if float(value).is_integer() else repr(value)


def typed(kind: Kind, data: Any) -> tuple[str, ...]:
    """What a field of this kind is filled with to mean a value, given as JSON; images cannot be filled in."""
    bare = kind.kind if isinstance(kind, Maybe) else kind
    if data is None or isinstance(bare, ImageKind):
        return ()
    if isinstance(bare, Category):
        return (str(bare.index(bare.from_json(data))),)
    if isinstance(bare, MultiCategory):
        return tuple(str(bare.of.index(bare.of.from_json(v))) for v in data)
    if isinstance(bare, VectorKind):
        return (", ".join(map(repr, data)),)
    if isinstance(bare, Key):
        return (json.dumps(data) if isinstance(data, str) and data.lstrip("-").isdigit() else str(data),)
    return (" ".join(data) if isinstance(data, list) else str(data),)


def value_of(kind: Kind, texts: Sequence[str], file: bytes | None = None) -> Any:
    """The value that was sent for a kind. Raises `Unfit`."""
    bare = kind.kind if isinstance(kind, Maybe) else kind
    sent = _raw(bare, texts, file)
    if sent is None and isinstance(kind, Maybe):
        return None
    return kind.parse(sent)


def _raw(kind: Kind, texts: Sequence[str], file: bytes | None) -> Any:
    """What was sent, in the form that `kind.parse` takes; None where nothing was."""
    text = texts[0] if texts else ""
    match kind:
        case ImageKind():
            return file
        case Category():
            return None if text == "" else kind.classes[_position(text, len(kind.classes))]
        case MultiCategory():
            return [kind.of.classes[_position(t, len(kind.of.classes))] for t in texts if t != ""]
        case VectorKind():
            numbers = text.strip().strip("[]()").replace(",", " ").split()
            return numbers or None
        case Key():
            return _key(text.strip())
        case _:
            return None if text == "" else text


def _position(text: str, n: int) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) >= n:
        raise Unfit(f"is {quote(text)}, which is none of the choices")
    return int(text)


def _key(text: str) -> str | int | None:
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1]
    digits = text.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(digits) < 19 and str(int(text)) == text:
        return int(text)
    return text or None


def sent_for(signature: Signature, posted: Posted) -> dict[str, list[str]]:
    """Column -> what was sent for it, to fill the form with again."""
    return {column: posted.texts.get(PREFIX + column, []) for column in signature.columns}
