"""A tuned encoder predicts each row by itself, and comes back from its files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tacit.errors import ArtifactError
from tacit.learners import get, load_model, save_model
from tacit.learners.deep import tuned
from tacit.learners.deep.finetuning import fit_finetuned
from tacit.learners.deep.tuned import Tuned, joined, lengthened
from tacit.learners.encoders import text_encoder
from tests.learners.deep.small import rows, small_encoder

SETTINGS = {"layers": 2, "epochs": 2, "rate": 5e-3, "batch": 16, "smooth": 0.05}


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_encoder(tmp_path_factory.mktemp("encoders") / "small")


@pytest.fixture(scope="module")
def model(encoder: Path) -> Tuned:
    return fit_finetuned("encoder-finetune", rows(encoder), SETTINGS, seed=0, deadline=None)


@pytest.mark.parametrize("unit", [False, True])
def test_it_comes_back_from_its_files(model: Tuned, encoder: Path, tmp_path: Path, unit: bool) -> None:
    model = replace(model, unit=unit)
    save_model(model, tmp_path / "model")
    assert not any(p.suffix in (".pt", ".bin", ".pkl") for p in (tmp_path / "model").iterdir())
    loaded = load_model(tmp_path / "model")
    columns = rows(encoder, 100).columns
    assert np.array_equal(model.predict(columns), loaded.predict(columns))
    assert loaded.settings == model.settings
    assert loaded.learner == model.learner


def test_another_encoder_of_the_same_name_is_refused(model: Tuned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_model(model, tmp_path / "model")

    def other(name: str) -> Any:
        return replace(text_encoder(name), digest="0" * 64)

    monkeypatch.setattr(tuned, "text_encoder", other)
    with pytest.raises(ArtifactError, match="another text encoder"):
        load_model(tmp_path / "model")


def test_a_row_is_predicted_by_itself(model: Tuned, encoder: Path) -> None:
    columns = rows(encoder, 80).columns
    whole = model.predict(columns)
    for i in range(0, 80, 7):
        assert np.allclose(model.predict({"text": [columns["text"][i]]})[0], whole[i], atol=1e-9)
    assert model.predict({"text": []}).shape == (0, 2)


def test_texts_of_a_row_are_read_as_one() -> None:
    assert joined({"a": ["x", None], "b": [("y", "z"), "w"]}, ["a", "b"]) == ["x [SEP] y z", " [SEP] w"]
    assert get("encoder-finetune").name == "encoder-finetune"


def test_vectors_of_length_one() -> None:
    assert np.allclose(lengthened(np.array([[3.0, 4.0], [0.0, 0.0]])), [[0.6, 0.8], [0.0, 0.0]])
