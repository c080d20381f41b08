"""Models on disk: whole or not at all, and never trusted unchecked."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tacit.errors import ArtifactError, OptionError
from tacit.learners import Cache, Data, Model, get, load_model, save_model
from tacit.types import Category, Number

KINDS = {"x": Number(), "y": Number()}
COLUMNS = {"x": [float(i) for i in range(80)], "y": [float(i % 7) for i in range(80)]}


def fitted(learner: str) -> Model:
    target = np.eye(2)[(np.arange(80) > 40).astype(int)]
    data = Data(KINDS, COLUMNS, Category((False, True), "bool"), target, np.ones(80))
    return get(learner).fit(data, get(learner).portfolio(data)[0], seed=0, cache=Cache())


@pytest.fixture(params=["linear", "gbdt"])
def saved(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Model, Path]:
    model, folder = fitted(request.param), tmp_path / "models" / "one"
    save_model(model, folder)
    return model, folder


def test_a_saved_model_comes_back_as_it_was(saved: tuple[Model, Path]) -> None:
    model, folder = saved
    loaded = load_model(folder)
    assert np.array_equal(model.predict(COLUMNS), loaded.predict(COLUMNS))
    assert (loaded.learner, dict(loaded.settings)) == (model.learner, dict(model.settings))
    assert {p.suffix for p in folder.iterdir()} <= {".json", ".npz", ".txt"}


def test_nothing_else_is_left_beside_it(saved: tuple[Model, Path]) -> None:
    assert [p.name for p in saved[1].parent.iterdir()] == ["one"]


def test_every_file_is_checked(saved: tuple[Model, Path]) -> None:
    _, folder = saved
    for path in sorted(folder.iterdir()):
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 0xFF]) + whole[len(whole) // 2 + 1 :])
        with pytest.raises(ArtifactError):
            load_model(folder)
        path.unlink()
        with pytest.raises(ArtifactError) as caught:
            load_model(folder)
        assert caught.value.next
        path.write_bytes(whole)
    load_model(folder)


def test_a_folder_that_holds_something_is_not_overwritten(saved: tuple[Model, Path]) -> None:
    model, folder = saved
    before = (folder / "manifest.json").read_bytes()
    with pytest.raises(ArtifactError, match="cannot be written"):
        save_model(model, folder)
    assert (folder / "manifest.json").read_bytes() == before
    assert [p.name for p in folder.parent.iterdir()] == ["one"]


def test_a_newer_format_and_an_unknown_learner_are_told_apart(saved: tuple[Model, Path]) -> None:
    _, folder = saved
    manifest = json.loads((folder / "manifest.json").read_text())
    for change, error in (({"format": 99}, ArtifactError), ({"learner": "nobody"}, OptionError)):
        (folder / "manifest.json").write_text(json.dumps(manifest | change))
        with pytest.raises(error):
            load_model(folder)


def test_no_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="holds no model"):
        load_model(tmp_path / "nothing")


def test_a_failed_save_leaves_nothing(tmp_path: Path) -> None:
    class Broken(Model):
        learner, settings = "linear", {}

        def predict(self, columns: object) -> np.ndarray:
            return np.empty(0)

        def save(self, folder: Path) -> None:
            (folder / "half").write_text("half")
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        save_model(Broken(), tmp_path / "m")
    assert list(tmp_path.iterdir()) == []


def test_arrays_with_objects_are_not_loaded(tmp_path: Path) -> None:
    model = fitted("linear")

    class Evil(Model):
        learner, settings = model.learner, model.settings

        def predict(self, columns: object) -> np.ndarray:
            return np.empty(0)

        def save(self, folder: Path) -> None:
            model.save(folder)
            np.savez(folder / "arrays.npz", weights=np.array([{"code": 1}], dtype=object), bias=np.zeros(2))

    save_model(Evil(), tmp_path / "m")
    with pytest.raises(ArtifactError, match="cannot be read"):
        load_model(tmp_path / "m")
