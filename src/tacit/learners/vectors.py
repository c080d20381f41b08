"""Vectors that were dear to make: by content, in memory and on the disk, for later trainings."""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
import time
import uuid
import zipfile
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Vectors", "apart", "held_apart", "key_of"]

_BYTES = 16
"""Of a key."""

_MANY = 16
_SMALL = 1 << 25
"""So many files smaller than this become one."""


def key_of(content: str | bytes) -> bytes:
    """The name of a content: 16 bytes of BLAKE2b."""
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return hashlib.blake2b(data, digest_size=_BYTES).digest()


class Vectors:
    """Content -> vector, of one encoder; bounded in memory and on the disk, where the oldest go first.

    On the disk each call of `keep` writes one file, whole or not at all, and files are never changed: several processes can use
    one folder. A damaged file counts as none, and what it held is made again.

    Arguments:
        memory: Bytes to hold in memory.
        disk: Bytes to hold in a folder.
    """

    def __init__(self, *, memory: int = 1 << 28, disk: int = 1 << 31) -> None:
        self._memory, self._disk = memory, disk
        self._held: OrderedDict[bytes, npt.NDArray[Any]] = OrderedDict()
        self._size = 0
        self._keys: dict[Path, frozenset[bytes]] = {}
        self._lock = threading.Lock()

    def known(self, keys: Iterable[bytes], folder: Path | None = None) -> dict[bytes, npt.NDArray[Any]]:
        """The vectors of those keys that have one, in memory or in the folder."""
        wanted = set(keys)
        with self._lock:
            found = {key: self._held[key] for key in wanted if key in self._held}
        missing = wanted - found.keys()
        if folder is not None and missing:
            stored = self._stored(missing, folder)
            self.hold(stored)
            found |= stored
        return found

    def hold(self, made: Mapping[bytes, npt.NDArray[Any]]) -> None:
        """Hold vectors in memory."""
        with self._lock:
            for key, vector in made.items():
                if key not in self._held:
                    self._held[key] = vector
                    self._size += vector.nbytes + _BYTES
            while self._size > self._memory and len(self._held) > 1:
                _, vector = self._held.popitem(last=False)
                self._size -= vector.nbytes + _BYTES

    def keep(self, made: Mapping[bytes, npt.NDArray[Any]], folder: Path) -> None:
        """Write those vectors, all of one length, that the folder does not have. A folder that cannot be written is left."""
        present = {key for path in _files(folder) for key in self._in(path)}
        new = [key for key in made if key not in present]
        if new:
            with contextlib.suppress(OSError):
                _write(folder, new, np.stack([made[key] for key in new]))
                self._merge(folder)
                self._bound(folder)

    def _stored(self, keys: set[bytes], folder: Path) -> dict[bytes, npt.NDArray[Any]]:
        found: dict[bytes, npt.NDArray[Any]] = {}
        for path in _files(folder):
            if here := (keys & self._in(path)) - found.keys():
                whole = _read(path)
                found |= {key: whole[key].copy() for key in here if key in whole}
        return found

    def _in(self, path: Path) -> frozenset[bytes]:
        """Whose vectors a file has. Files do not change, so each is asked once."""
        if path not in self._keys:
            self._keys[path] = frozenset(_read(path))
        return self._keys[path]

    def _merge(self, folder: Path) -> None:
        small = [path for path in _files(folder) if _bytes(path) < _SMALL]
        if len(small) > _MANY:
            whole = {key: vector for path in small for key, vector in _read(path).items()}
            if whole:
                _write(folder, list(whole), np.stack(list(whole.values())))
            for path in small:
                path.unlink(missing_ok=True)
                self._keys.pop(path, None)

    def _bound(self, folder: Path) -> None:
        files = _files(folder)
        sizes = [_bytes(path) for path in files]
        for i, path in enumerate(files[:-1]):
            if sum(sizes[i:]) > self._disk:
                path.unlink(missing_ok=True)
                self._keys.pop(path, None)


_separate: ContextVar[dict[str, Vectors] | None] = ContextVar("separate", default=None)


@contextlib.contextmanager
def apart(held: dict[str, Vectors]) -> Iterator[None]:
    """Inside the block nothing is known that was made before, but for what `held` has, and what is made is held there.

    So whoever computes inside it pays for all that is needed, and what others made makes nobody look quick.
    """
    token = _separate.set(held)
    try:
        yield
    finally:
        _separate.reset(token)


def held_apart(name: str) -> Vectors | None:
    """The vectors of that name, where this runs inside a block of `apart`; None elsewhere."""
    held = _separate.get()
    return None if held is None else held.setdefault(name, Vectors())


def _files(folder: Path) -> list[Path]:
    """The files of vectors, the oldest first."""
    return sorted(folder.glob("*.npz"))


def _bytes(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # another process has removed it


def _write(folder: Path, keys: list[bytes], vectors: npt.NDArray[Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{time.time_ns():020d}-{uuid.uuid4().hex[:8]}"
    temporary = folder / f".{name}"
    try:
        with temporary.open("wb") as file:
            np.savez(file, keys=np.frombuffer(b"".join(keys), np.uint8).reshape(-1, _BYTES), vectors=vectors)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(folder / f"{name}.npz")
    finally:
        temporary.unlink(missing_ok=True)


def _read(path: Path) -> dict[bytes, npt.NDArray[Any]]:
    """The vectors of a file; none if it is damaged, which the checksums of the format tell, or gone."""
    try:
        # NumPy does not close what it cannot read.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            raw, vectors = stored["keys"].tobytes(), stored["vectors"]
        keys = [raw[i : i + _BYTES] for i in range(0, len(raw), _BYTES)]
        return dict(zip(keys, vectors, strict=True)) if vectors.ndim == 2 else {}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}
