"""Inputs between Python and the store: values become canonical JSON, images become blobs beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from tacit.examples import canonical
from tacit.tasks import Signature
from tacit.types import ImageKind, Kind, Maybe, Record

__all__ = ["blob_ids", "freeze", "freeze_label", "thaw", "thaw_columns"]


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
        elif (image := _image(kind)) is not None:
            stored = image.to_bytes(value)
            id = hashlib.blake2b(stored, digest_size=16).hexdigest()
            blobs[id] = stored
            data[column] = {"blob": id}
        else:
            data[column] = kind.to_json(value)
    return canonical(signature.nest(data)), blobs


def freeze_label(kind: Kind, value: Any) -> str:
    """The canonical JSON of a parsed label. Equal labels have equal JSON."""
    return json.dumps(kind.to_json(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def blob_ids(signature: Signature, inputs: Mapping[str, Any]) -> list[str]:
    """The ids of the images that the JSON of inputs refers to."""
    columns = [column for column, kind in signature.columns.items() if _image(kind) is not None]
    if not columns:
        return []
    flat = signature.flatten(inputs)
    return [flat[column]["blob"] for column in columns if flat[column] is not None]


def thaw(signature: Signature, inputs: Mapping[str, Any], blobs: Mapping[str, bytes]) -> dict[str, Any]:
    """The JSON of inputs, loaded -> parameter -> value as a caller of the task would pass it; a record is an instance.

    Arguments:
        signature: What the values were parsed by.
        inputs: As `freeze` spelled them.
        blobs: The bytes of at least `blob_ids(signature, inputs)`.
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


def thaw_columns(signature: Signature, examples: Sequence[_Frozen], store: _Blobs) -> dict[str, list[Any]]:
    """Stored examples -> column -> its value in each example; None where it is missing.

    The images are read from `store` together, so `examples` should be no more than their images fit in memory.
    """
    flat = [signature.flatten(example.inputs) for example in examples]
    images = [column for column, kind in signature.columns.items() if _image(kind) is not None]
    ids = {row[column]["blob"] for row in flat for column in images if row[column] is not None}
    blobs = store.blobs(ids) if ids else {}
    columns: dict[str, list[Any]] = {}
    for column, kind in signature.columns.items():
        thawed = _thawer(kind, blobs)
        columns[column] = [thawed(row[column]) for row in flat]
    return columns


def _image(kind: Kind) -> ImageKind | None:
    bare = kind.kind if isinstance(kind, Maybe) else kind
    return bare if isinstance(bare, ImageKind) else None


def _thawer(kind: Kind, blobs: Mapping[str, bytes]) -> Callable[[Any], Any]:
    image = _image(kind)
    if image is not None:
        return lambda data: None if data is None else image.from_bytes(blobs[data["blob"]])
    return lambda data: None if data is None else kind.from_json(data)
