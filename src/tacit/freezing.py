"""Inputs between Python and the store: values become canonical JSON, images become blobs beside it."""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from tacit.errors import ColumnError, nearest, quote
from tacit.examples import canonical
from tacit.tasks import Signature
from tacit.types import Category, ImageKind, Kind, Maybe, Record, Unfit, is_missing

__all__ = ["as_json", "freeze", "freeze_label", "inputs_of", "thaw", "thaw_columns", "thaw_inputs"]


class _Frozen(Protocol):
    @property
    def inputs(self) -> Mapping[str, Any]: ...


class _Blobs(Protocol):
    def blobs(self, ids: Iterable[str], /) -> Mapping[str, bytes]: ...


def freeze(signature: Signature, flat: Mapping[str, Any]) -> tuple[str, dict[str, bytes]]:
    """Parsed values by column -> the canonical JSON of the inputs, and the bytes of their images by id.

    An image stands in the JSON as `{"blob": id}`, where `id` is the BLAKE2b hash of its bytes: 128 bits, in hexadecimal.

    Arguments:
        signature: What the values were parsed by.
        flat: A value for each of `signature.columns`; None where it is missing.
    """
    blobs: dict[str, bytes] = {}
    data: dict[str, Any] = {}
    for column, kind in signature.columns.items():
        value = flat[column]
        if value is None:
            data[column] = None
        elif kind.role == "image" and (image := _image(kind)) is not None:
            # Equal arrays have equal bytes, however they lie in memory.
            stored = image.to_bytes(value if isinstance(value, bytes) else np.ascontiguousarray(value))
            id = hashlib.blake2b(stored, digest_size=16).hexdigest()
            blobs[id] = stored
            data[column] = {"blob": id}
        else:
            data[column] = kind.to_json(value)
    return canonical(signature.nest(data)), blobs


def freeze_label(kind: Kind, value: Any) -> str:
    """The JSON of a parsed label, as `json.dumps` spells it. Equal labels have equal JSON."""
    return json.dumps(kind.to_json(value), allow_nan=False)


def as_json(value: Any, *, longest: int | None = None) -> Any:
    """Any cell as JSON: what is missing is None, and what JSON has no form for becomes text.

    Arguments:
        value: A cell of a file or a frame.
        longest: The most characters of a text; the rest is left out.
    """
    if hasattr(value, "tolist") and type(value).__module__ == "numpy":
        value = value.tolist()
    if is_missing(value):
        return None
    if isinstance(value, enum.Enum):
        value = value.value
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {str(k): as_json(v, longest=longest) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [as_json(v, longest=longest) for v in value]
    if isinstance(value, bytes):
        return f"<{len(value):,} bytes>"
    text = value.isoformat() if isinstance(value, dt.date) else str(value)
    return text if longest is None or len(text) <= longest else text[:longest] + "..."


def thaw(signature: Signature, inputs: Mapping[str, Any], blobs: Mapping[str, bytes]) -> dict[str, Any]:
    """The JSON of inputs, loaded -> parameter -> value as a caller of the task would pass it; a record is an instance.

    Arguments:
        signature: What the values are parsed by.
        inputs: As `freeze` spelled them.
        blobs: Id -> bytes of at least the images that `inputs` refers to.

    Raises:
        ColumnError: As `thaw_columns` does.
    """
    return inputs_of(signature, _columns(signature, [inputs], lambda ids: blobs), 1)[0]


def thaw_inputs(signature: Signature, examples: Sequence[_Frozen], store: _Blobs) -> list[dict[str, Any]]:
    """What `thaw` makes of each of some stored examples. Their images are read together, and held at once.

    Raises:
        ColumnError: As `thaw_columns` does.
    """
    return inputs_of(signature, thaw_columns(signature, examples, store), len(examples))


def thaw_columns(signature: Signature, examples: Sequence[_Frozen], store: _Blobs) -> dict[str, list[Any]]:
    """Stored examples -> column -> its value in each example; None where it is missing.

    Their images are read together, and held at once. Every value is checked again: the signature may be younger than it.

    Raises:
        ColumnError: A column that may not be missing is, as after renaming a parameter; or a value is not of its column's
            type, as after changing that.
    """
    return _columns(signature, [example.inputs for example in examples], store.blobs)


def _columns(
    signature: Signature, stored: Sequence[Mapping[str, Any]], read: Callable[[Iterable[str]], Mapping[str, bytes]]
) -> dict[str, list[Any]]:
    try:
        flat = [signature.flatten(inputs) for inputs in stored]
    except AttributeError:  # a record has taken the name of what was no record
        raise ColumnError(
            f"stored examples do not fit {signature}: one of its parameters was no record when they came in",
            next="give the parameter its earlier type back",
        ) from None
    columns = {}
    for column, kind in signature.columns.items():
        cells = [row[column] for row in flat]
        if not isinstance(kind, Maybe) and None in cells:
            raise _absent(signature, column, kind, cells, stored)
        columns[column] = _thawed(column, kind, cells, read)
    return columns


def _thawed(column: str, kind: Kind, cells: Sequence[Any], read: Callable[[Iterable[str]], Mapping[str, bytes]]) -> list[Any]:
    take = _taker(kind, cells, read)
    values, misfits, reason = [], [], ""
    for cell in cells:
        try:
            values.append(None if cell is None else take(cell))
        except Unfit as error:
            reason = reason or error.reason
            misfits.append(cell)
    if misfits:
        raise _misfit(column, kind, misfits[0], reason, f"{len(misfits):,} of {len(cells):,} stored examples")
    return values


def _taker(kind: Kind, cells: Sequence[Any], read: Callable[[Iterable[str]], Mapping[str, bytes]]) -> Callable[[Any], Any]:
    image = _image(kind)
    if image is None:
        return kind.parse
    ids = {cell["blob"] for cell in cells if _is_blob(cell)}
    blobs = read(ids) if ids else {}

    def take(cell: Any) -> Any:
        if not _is_blob(cell):
            raise Unfit(f"is {quote(cell)}, not an image")
        return image.from_bytes(blobs[cell["blob"]])

    return take


def inputs_of(signature: Signature, columns: Mapping[str, Sequence[Any]], n: int) -> list[dict[str, Any]]:
    """Columns -> the inputs of each row, as a caller passes them."""
    rows = []
    for i in range(n):
        nested = signature.nest({column: values[i] for column, values in columns.items()})
        for name, kind in signature.inputs.items():
            if isinstance(kind, Record):
                try:
                    nested[name] = kind.build(nested[name])
                except Unfit as error:
                    raise ColumnError(
                        f"{name} of a stored example {error.reason}", next=f"let {kind} take it, as it once did"
                    ) from None
        rows.append(nested)
    return rows


def _absent(
    signature: Signature, column: str, kind: Kind, cells: Sequence[Any], stored: Sequence[Mapping[str, Any]]
) -> ColumnError:
    first = stored[cells.index(None)]
    inner = first.get(signature.record[0]) if signature.record else first
    held = list(inner if isinstance(inner, Mapping) else first)
    others = [name for name in held if name not in (*signature.columns, *signature.inputs)]
    again = f", or call it {nearest(column, others) or others[0]} again" if others and column not in held else ""
    return ColumnError(
        f"{cells.count(None):,} of {len(cells):,} stored examples have no {quote(column)}, which {signature} takes",
        right=f"what they have is {', '.join(held)}",
        next=f"write {column.rpartition('.')[2]}: {kind} | None{again}",
    )


def _misfit(column: str, kind: Kind, cell: Any, reason: str, how_many: str) -> ColumnError:
    bare = kind.kind if isinstance(kind, Maybe) else kind
    name, was = column.rpartition(".")[2], {str: "str", float: "float", int: "int", bool: "bool"}.get(type(cell))
    if isinstance(bare, Category):
        mend = f"put {quote(cell)} back into the type of {column}"
    elif was is not None:
        mend = f"write {name}: {was}{' | None' if isinstance(kind, Maybe) else ''}"
    else:
        mend = f"give {column} its earlier type back"
    return ColumnError(f"{column} of {how_many} does not fit {kind}; the first {reason}", next=mend)


def _image(kind: Kind) -> ImageKind | None:
    bare = kind.kind if isinstance(kind, Maybe) else kind
    return bare if isinstance(bare, ImageKind) else None


def _is_blob(cell: Any) -> bool:
    return isinstance(cell, Mapping) and "blob" in cell
