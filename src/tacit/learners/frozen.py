"""Columns -> the vectors of a pretrained encoder that is not trained any further."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from tacit.errors import ArtifactError
from tacit.learners.contract import Cache, Columns, Floats, check_time
from tacit.learners.encoders import Pretrained, deep, image_encoder, text_encoder
from tacit.learners.features import Encoder
from tacit.learners.roles import as_text
from tacit.learners.vectors import Vectors, held_apart, key_of
from tacit.types import ImageKind

__all__ = ["Frozen", "encoding_seconds", "fit_frozen", "vectors_of"]


class _Net(Protocol):
    """What a module of `deep` loads: an encoder that is ready."""

    width: int

    def encode(self, contents: Sequence[Any]) -> Iterator[tuple[list[int], npt.NDArray[Any]]]: ...

    def seconds_for(self, contents: Sequence[Any]) -> float: ...

    def flops_for(self, contents: Sequence[Any]) -> float: ...


@dataclass(frozen=True)
class _Role:
    """How columns of a role become vectors.

    Attributes:
        find: The encoder of a name.
        module: Of `deep`, where `load` makes it ready.
        contents: What is encoded, of each cell; None where it is missing.
    """

    find: Callable[[str], Pretrained]
    module: str
    contents: Callable[[Sequence[Any]], list[Any]]

    def load(self, pretrained: Pretrained) -> _Net:
        net: _Net = deep(self.module).load(pretrained)
        return net


def _texts(values: Sequence[Any]) -> list[Any]:
    return [None if v is None else as_text(v) for v in values]


def _images(values: Sequence[Any]) -> list[Any]:
    return [None if v is None else ImageKind().to_bytes(v) for v in values]


_ROLES = {
    "text": _Role(text_encoder, "text", _texts),
    "image": _Role(image_encoder, "vision", _images),
}


@cache
def _vectors(digest: str) -> Vectors:
    """What one encoder made in this process."""
    return Vectors()


_folders: dict[str, Path] = {}
"""Where this process keeps the vectors of an encoder, by its digest."""


@dataclass(frozen=True)
class Frozen(Encoder):
    """A column as vectors of a pretrained encoder, around the mean of the training rows; missing and damaged is 0.

    Attributes:
        column: A column.
        role: Of the column: "text" or "image".
        source: The name of the encoder, as in `Data.pretrained`.
        digest: Of its files. Where they are others, the encoder is refused.
        scale: What the features are multiplied with.
        center: (d,).
    """

    column: str
    role: str
    source: str
    digest: str
    scale: float
    center: Floats
    pretrained: Pretrained = field(init=False, repr=False)

    def __post_init__(self) -> None:
        found = _ROLES[self.role].find(self.source)
        if found.digest != self.digest:
            raise ArtifactError(
                f'the model was trained with another {self.role} encoder than the one that is called "{self.source}" here',
                where=str(found.folder),
                next="tacit train TASK",
            )
        object.__setattr__(self, "pretrained", found)

    def encode(self, columns: Columns) -> Floats:
        contents = _ROLES[self.role].contents(columns[self.column])
        return self._features(contents, vectors_of(contents, self.role, self.pretrained))

    def flops(self, columns: Columns) -> float:
        role = _ROLES[self.role]
        return role.load(self.pretrained).flops_for([c for c in role.contents(columns[self.column]) if c is not None])

    def _features(self, contents: Sequence[Any], vectors: Floats) -> Floats:
        features = np.zeros((len(contents), len(self.center)), np.float32)
        there = [i for i, content in enumerate(contents) if content is not None]
        if there:
            features[there] = np.where(_seen(vectors)[:, None], (vectors - self.center) * np.float32(self.scale), 0)
        return features


def _seen(vectors: Floats) -> npt.NDArray[np.bool_]:
    """Which vectors are of something: encoders give 0 for a damaged image."""
    return np.asarray(vectors.any(axis=1))


def fit_frozen(
    column: str, values: Sequence[Any], role: str, source: str, *, scale: float, cache: Cache, deadline: float | None
) -> tuple[Frozen, Floats]:
    """The mean of a column's vectors, and the column's features.

    Arguments:
        column, role, source, scale: As in `Frozen`.
        values: The training rows.
        cache: Its folder keeps vectors for later trainings. It is told what is damaged.
        deadline: In seconds of `time.monotonic`.

    Raises:
        BudgetError: The deadline passed before all were encoded; those that were are remembered.
        MissingExtra: The encoder, or what it needs, is not installed.
        FileError: Its files are not there, or not what they should be.
    """
    check_time(deadline)
    pretrained = _ROLES[role].find(source)
    contents = _ROLES[role].contents(values)
    vectors = vectors_of(contents, role, pretrained, folder=cache.folder, deadline=deadline)
    seen = _seen(vectors)
    center = vectors[seen].mean(axis=0) if seen.any() else np.zeros(_ROLES[role].load(pretrained).width, np.float32)
    there = [value for value, content in zip(values, contents, strict=True) if content is not None]
    cache.damaged |= {id(there[i]): there[i] for i in np.flatnonzero(~seen).tolist() if role == "image"}
    frozen = Frozen(column, role, source, pretrained.digest, scale, center)
    return frozen, frozen._features(contents, vectors)


def vectors_of(
    contents: Sequence[Any], role: str, pretrained: Pretrained, *, folder: Path | None = None, deadline: float | None = None
) -> Floats:
    """The vectors of those contents that are not None: (m, d) float32 of length 1, or (0, 0). Each is encoded once.

    Arguments:
        contents: Texts, or the bytes of images.
        role: "text" or "image".
        pretrained: The encoder.
        folder: Where vectors are kept from one training to the next; None keeps none, and still finds those of the folder that
            this process used last.
        deadline: In seconds of `time.monotonic`.

    Raises:
        BudgetError: The deadline passed before all were encoded; those that were are remembered.
    """
    there = [content for content in contents if content is not None]
    if not there:
        return np.empty((0, 0), np.float32)
    keys = [key_of(content) for content in there]
    home = _home(pretrained, folder)
    # Rows to score on are predicted, not fitted: what earlier trainings kept of them is in the same folder.
    store, kept = _held(pretrained)
    found = store.known(keys, home or kept)
    missing = {key: content for key, content in zip(keys, there, strict=True) if key not in found}
    try:
        if missing:
            _encode(missing, found, store, _ROLES[role].load(pretrained), deadline)
    finally:
        if home is not None:
            store.keep({key: found[key] for key in dict.fromkeys(keys) if key in found}, home)
    return np.stack([found[key] for key in keys]).astype(np.float32)


def _encode(
    missing: dict[bytes, Any], found: dict[bytes, npt.NDArray[Any]], store: Vectors, net: _Net, deadline: float | None
) -> None:
    """Make the vectors that are missing, into `found`."""
    names = list(missing)
    for positions, vectors in net.encode(list(missing.values())):
        made = {names[i]: vector for i, vector in zip(positions, vectors, strict=True)}
        store.hold(made)
        found |= made
        if len(found) < len(names):
            check_time(deadline)


def encoding_seconds(values: Sequence[Any], role: str, source: str) -> float:
    """What the encoding of a column will take on this machine, without what is known already.

    Arguments and errors are those of `fit_frozen`; the encoder is loaded, and tried on a few made-up contents.
    """
    pretrained = _ROLES[role].find(source)
    contents = {key_of(c): c for c in _ROLES[role].contents(values) if c is not None}
    store, kept = _held(pretrained)
    known = store.known(contents, kept)
    net = _ROLES[role].load(pretrained)
    return net.seconds_for([content for key, content in contents.items() if key not in known])


def _held(pretrained: Pretrained) -> tuple[Vectors, Path | None]:
    """The vectors of an encoder that are in memory, and the folder that this process used last for more of them."""
    separate = held_apart(pretrained.digest)
    return (_vectors(pretrained.digest), _folders.get(pretrained.digest)) if separate is None else (separate, None)


def _home(pretrained: Pretrained, folder: Path | None) -> Path | None:
    """The folder of an encoder's vectors."""
    if folder is None:
        return None
    _folders[pretrained.digest] = folder / "vectors" / pretrained.digest[:32]
    return _folders[pretrained.digest]
