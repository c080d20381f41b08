"""Kind -> JSON schema (2020-12, as OpenAPI 3.1 takes it), and a value that fits."""

from __future__ import annotations

import math
from typing import Any

from tacit.types import (
    Category,
    ImageKind,
    Key,
    Kind,
    Maybe,
    Moment,
    MultiCategory,
    Number,
    Record,
    SpanList,
    TextKind,
    VectorKind,
    Words,
)
from tacit.types.contract import MAX_CHARACTERS

__all__ = ["sample", "schema_of"]

_CLASSES_AT_MOST = 1000


def schema_of(kind: Kind, *, form: bool = False) -> dict[str, Any]:
    """The JSON schema of a kind.

    Arguments:
        form: Whether the value is a field of a multipart form, where an image is a file.

    Example:
        >>> from tacit.types import Number
        >>> schema_of(Number(low=0.0, high=5.0))
        {'type': 'number', 'minimum': 0.0, 'maximum': 5.0}
    """
    match kind:
        case Maybe():
            return {"anyOf": [schema_of(kind.kind, form=form), {"type": "null"}]}
        case Category():
            return _category(kind)
        case MultiCategory():
            return {"type": "array", "items": _category(kind.of), "uniqueItems": True}
        case Number():
            ends = {"minimum": kind.low, "maximum": kind.high}
            return {"type": "integer" if kind.whole else "number"} | {n: v for n, v in ends.items() if math.isfinite(v)}
        case TextKind():
            return {"type": "string", "minLength": 1, "maxLength": MAX_CHARACTERS}
        case Words():
            words = {"type": "array", "items": {"type": "string", "minLength": 1}}
            return {"anyOf": [words, {"type": "string"}]}
        case SpanList():
            place = {"type": "integer", "minimum": 0}
            properties = {"start": place, "end": place, "label": _category(kind.label)}
            return {"type": "array", "items": _object(properties, list(properties))}
        case ImageKind():
            return {"type": "string", **({"format": "binary"} if form else {"contentEncoding": "base64"})}
        case Moment():
            return {"type": "string", "format": "date-time" if kind.has_time else "date"}
        case VectorKind():
            return {"type": "array", "items": {"type": "number"}, "minItems": kind.n, "maxItems": kind.n}
        case Key():
            return {"anyOf": [{"type": "string", "minLength": 1}, {"type": "integer"}]}
        case Record():
            needed = [name for name, field in kind.fields if not isinstance(field, Maybe)]
            return _object({name: schema_of(field, form=form) for name, field in kind.fields}, needed)
        case _:
            return {}  # a kind that somebody else defined: anything may be sent, and is checked


def sample(kind: Kind) -> Any:
    """A short value of a kind, as JSON, to show what to send.

    Example:
        >>> from tacit.types import Number
        >>> sample(Number(low=1.0, high=5.0))
        1.0
    """
    match kind:
        case Maybe():
            return sample(kind.kind)
        case Category():
            return kind.to_json(kind.classes[0])
        case MultiCategory():
            return [sample(kind.of)]
        case Number():
            value = min(max(0.0, kind.low), kind.high)
            return math.ceil(value) if kind.whole else value
        case Words():
            return ["some", "words"]
        case SpanList():
            return [{"start": 0, "end": 4, "label": sample(kind.label)}]
        case ImageKind():
            return "BASE64"
        case Moment():
            return "2026-11-22T14:30:00" if kind.has_time else "2026-11-22"
        case VectorKind():
            return [0.0] * kind.n
        case Key():
            return "some-id"
        case Record():
            return {name: sample(field) for name, field in kind.fields}
        case _:
            return "a text"


def _category(kind: Category) -> dict[str, Any]:
    values = [kind.to_json(c) for c in kind.classes]
    types = {bool: "boolean", int: "integer", str: "string"}
    schema: dict[str, Any] = {"enum": values} if len(values) <= _CLASSES_AT_MOST else {}
    kinds = {type(v) for v in values}
    return {"type": types[kinds.pop()]} | schema if len(kinds) == 1 else schema


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
