"""Models as files: arrays, JSON and text in a folder, with checksums. Nothing in them is code."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tacit.errors import ArtifactError
from tacit.learners.contract import Model
from tacit.learners.registry import get

__all__ = ["load_model", "read_parts", "save_model", "write_parts"]

_MANIFEST = "manifest.json"
_FORMAT = 1
_NEXT = "tacit train TASK"


def save_model(model: Model, folder: Path) -> None:
    """Write a model into a new folder. It is there as a whole or not at all.

    Arguments:
        model: Any model.
        folder: Must not exist, or be an empty folder.

    Raises:
        ArtifactError: The folder holds something, or cannot be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise ArtifactError(f"{folder} cannot be written ({error.strerror})", next=_NEXT) from None
    try:
        model.save(temporary)
        files = {p.relative_to(temporary).as_posix(): p for p in sorted(temporary.rglob("*")) if p.is_file()}
        manifest = {"format": _FORMAT, "learner": model.learner, "sha256": {name: _sha256(p) for name, p in files.items()}}
        (temporary / _MANIFEST).write_text(json.dumps(manifest, indent=2), encoding="utf-8")
        for path in [*files.values(), temporary / _MANIFEST]:
            _flush(path)
        temporary.chmod(0o755)
        temporary.rename(folder)
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        raise ArtifactError(f"{folder} cannot be written ({error.strerror})", next=_NEXT) from None
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def load_model(folder: Path) -> Model:
    """The model in a folder, after its checksums were compared.

    Raises:
        ArtifactError: A file is missing, damaged or of a newer format.
        OptionError: The model's learner is not installed.
    """
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        newer, learner, sums = manifest["format"] > _FORMAT, manifest["learner"], dict(manifest["sha256"])
    except FileNotFoundError:
        raise ArtifactError(f"{folder} holds no model", right="a model has a manifest.json", next=_NEXT) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtifactError(f"{folder / _MANIFEST} cannot be read ({error})", next=_NEXT) from None
    if newer:
        raise ArtifactError(f"{folder} was written by a newer tacit", next="pip install --upgrade tacit")
    for name, expected in sums.items():
        path = folder / name
        if not path.is_file():
            raise ArtifactError(f"{path} is missing", next=_NEXT)
        if _sha256(path) != expected:
            raise ArtifactError(f"{path} is damaged: its checksum is not the one it was written with", next=_NEXT)
    try:
        return get(learner).load(folder)
    except (OSError, ValueError, KeyError, TypeError, IndexError, zipfile.BadZipFile) as error:
        raise ArtifactError(f"{folder} cannot be read ({type(error).__name__}: {error})", next=_NEXT) from None


def write_parts(folder: Path, plain: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write JSON and arrays as `model.json` and `arrays.npz`."""
    (folder / "model.json").write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
    np.savez(folder / "arrays.npz", **arrays)  # type: ignore[arg-type]


def read_parts(folder: Path) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
    """What `write_parts` was given."""
    plain: dict[str, Any] = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    with np.load(folder / "arrays.npz", allow_pickle=False) as stored:
        return plain, {name: stored[name] for name in stored.files}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush(path: Path) -> None:
    """Have the file on the disk before the folder gets its name."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
