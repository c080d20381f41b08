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

from tacit.examples import canonical
from tacit.tasks import Signature
from tacit.types import ImageKind, Kind, Maybe, Record, is_missing

__all__ = ["as_json", "freeze", "freeze_label", "thaw", "thaw_columns", "thaw_inputs"]


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
        signature: What the values were parsed by.
        inputs: As `freeze` spelled them.
        blobs: Id -> bytes of at least the images that `inputs` refers to.
    """
    values: dict[str, Any] = {}
    for name, kind in signature.inputs.items():
        data = inputs.get(name)
        if data is None:
            values[name] = None
        elif isinstance(kind, Record):
            values[name] = kind.build({field: _thawer(k, blobs)(data.get(field)) for field, k in kind.fields})
        else:
            values[name] = _thawer(kind, blobs)(data)
    return values


def thaw_inputs(signature: Signature, examples: Sequence[_Frozen], store: _Blobs) -> list[dict[str, Any]]:
    """What `thaw` makes of each of some stored examples. Their images are read together, and held at once."""
    flat = [signature.flatten(example.inputs) for example in examples]
    blobs = _blobs(signature, flat, store)
    return [thaw(signature, example.inputs, blobs) for example in examples]


def thaw_columns(signature: Signature, examples: Sequence[_Frozen], store: _Blobs) -> dict[str, list[Any]]:
    """Stored examples -> column -> its value in each example; None where it is missing.

    Their images are read together, and held at once.
    """
    flat = [signature.flatten(example.inputs) for example in examples]
    blobs = _blobs(signature, flat, store)
    columns: dict[str, list[Any]] = {}
    for column, kind in signature.columns.items():
        thawed = _thawer(kind, blobs)
        columns[column] = [thawed(row[column]) for row in flat]
    return columns


def _blobs(signature: Signature, flat: Sequence[Mapping[str, Any]], store: _Blobs) -> Mapping[str, bytes]:
    images = [column for column, kind in signature.columns.items() if _image(kind) is not None]
    ids = {row[column]["blob"] for row in flat for column in images if row[column] is not None}
    return store.blobs(ids) if ids else {}


def _image(kind: Kind) -> ImageKind | None:
    bare = kind.kind if isinstance(kind, Maybe) else kind
    return bare if isinstance(bare, ImageKind) else None


def _thawer(kind: Kind, blobs: Mapping[str, bytes]) -> Callable[[Any], Any]:
    image = _image(kind)
    if image is not None:
        return lambda data: None if data is None else image.from_bytes(blobs[data["blob"]])
    return lambda data: None if data is None else kind.from_json(data)
