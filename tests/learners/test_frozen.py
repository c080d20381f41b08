"""Vectors of a frozen encoder as features: made once, remembered, and refused where the encoder is another."""

from __future__ import annotations

import importlib
import importlib.util
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tacit.errors import ArtifactError, BudgetError, MissingExtra
from tacit.learners import Cache, frozen
from tacit.learners.encoders import Pretrained
from tacit.learners.features import pack, unpack
from tacit.learners.frozen import Frozen, encoding_seconds, fit_frozen, vectors_of
from tacit.learners.vectors import Vectors, apart


class _Letters:
    """An encoder that counts letters, and what it was given."""

    width = 3

    def __init__(self) -> None:
        self.given: list[str] = []

    def encode(self, contents: Sequence[str]) -> Iterator[tuple[list[int], np.ndarray]]:
        for i, content in enumerate(contents):
            self.given.append(content)
            yield [i], np.array([[content.count(c) for c in "abc"]], np.float16)

    def seconds_for(self, contents: Sequence[str]) -> float:
        return float(len(contents))


@pytest.fixture
def net(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Letters]:
    """An encoder of texts in place of the pretrained one, and a process that knows nothing."""
    letters = _Letters()
    module = SimpleNamespace(load=lambda pretrained: letters)
    role = frozen._Role(lambda name: Pretrained(name, Path(), f"digest of {name}"), "letters", frozen._texts)
    monkeypatch.setitem(frozen._ROLES, "text", role)
    monkeypatch.setattr(frozen, "deep", lambda name: module)
    monkeypatch.setattr(frozen, "_folders", {})
    frozen._vectors.cache_clear()
    yield letters
    frozen._vectors.cache_clear()


def fitted(values: list[Any], cache: Cache, deadline: float | None = None) -> tuple[Frozen, np.ndarray]:
    return fit_frozen("t", values, "text", "some", scale=2.0, cache=cache, deadline=deadline)


def test_features_are_vectors_around_their_mean(net: _Letters) -> None:
    encoder, features = fitted(["a", "b", None, ("a", "b")], Cache())
    mean = np.array([2 / 3, 2 / 3, 0])
    assert np.allclose(features, 2 * np.array([[1, 0, 0] - mean, [0, 1, 0] - mean, [0, 0, 0], [1, 1, 0] - mean]))
    assert np.allclose(encoder.encode({"t": [None, "a"]}), features[[2, 0]])
    assert encoder.encode({"t": []}).shape == (0, 3)
    assert encoder.encode({"t": [None]}).tolist() == [[0, 0, 0]]
    assert features.dtype == np.float32


def test_a_column_that_is_missing_everywhere_has_no_features_but_later_texts_have(net: _Letters) -> None:
    encoder, features = fitted([None, None], Cache())
    assert features.tolist() == [[0, 0, 0]] * 2
    assert encoder.encode({"t": ["aab"]}).tolist() == [[4, 2, 0]]


def test_each_text_is_encoded_once(net: _Letters) -> None:
    encoder, _ = fitted(["a", "b", "a", "a b"], Cache())
    encoder.encode({"t": ["b", "c", "a"]})
    fitted(["c", "a"], Cache())
    assert sorted(net.given) == ["a", "a b", "b", "c"]


def test_a_second_training_finds_the_vectors_in_the_folder(net: _Letters, tmp_path: Path) -> None:
    fitted(["a", "b"], Cache(tmp_path))
    frozen._vectors.cache_clear()
    fitted(["a", "b", "c"], Cache(tmp_path))
    assert net.given == ["a", "b", "c"]
    frozen._vectors.cache_clear()
    encoder, _ = fitted(["a"], Cache(tmp_path))
    encoder.encode({"t": ["c"]})  # a row to score on
    assert net.given == ["a", "b", "c"]
    fit_frozen("t", ["a"], "text", "another", scale=1.0, cache=Cache(tmp_path), deadline=None)
    assert net.given == ["a", "b", "c", "a"]  # encoders do not share


def test_what_was_encoded_before_the_deadline_is_remembered(net: _Letters, tmp_path: Path) -> None:
    texts = [f"{i} a" for i in range(50)]
    with pytest.raises(BudgetError):
        vectors_of(texts, "text", Pretrained("some", Path(), "digest"), folder=tmp_path, deadline=time.monotonic() - 1)
    done = len(net.given)
    assert 0 < done < 50
    frozen._vectors.cache_clear()
    vectors_of(texts, "text", Pretrained("some", Path(), "digest"), folder=tmp_path)
    assert len(net.given) == 50
    with pytest.raises(BudgetError):
        fitted(["x"], Cache(), deadline=time.monotonic() - 1)


def test_time_is_told_for_what_is_not_known(net: _Letters, tmp_path: Path) -> None:
    assert encoding_seconds(["a", "b", "a", None], "text", "some") == 2
    fitted(["a"], Cache(tmp_path))
    frozen._vectors.cache_clear()
    assert encoding_seconds(["a", "b"], "text", "some") == 1


def test_an_encoder_that_is_another_than_in_training_is_refused(net: _Letters) -> None:
    encoder, _ = fitted(["a", "b"], Cache())
    described, arrays = pack([encoder])
    (again,) = unpack(described, arrays, [Frozen])
    assert np.array_equal(again.encode({"t": ["ab"]}), encoder.encode({"t": ["ab"]}))
    described[0]["digest"] = "of other weights"
    with pytest.raises(ArtifactError, match="another text encoder"):
        unpack(described, arrays, [Frozen])


def test_a_damaged_image_is_like_a_missing_one(net: _Letters, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(frozen._ROLES, "image", frozen._ROLES["text"])
    cache = Cache()
    encoder, features = fit_frozen("i", ["a", "none", None, "b"], "image", "some", scale=1.0, cache=cache, deadline=None)
    assert features.tolist() == [[0.5, -0.5, 0], [0, 0, 0], [0, 0, 0], [-0.5, 0.5, 0]]
    assert np.array_equal(encoder.encode({"i": ["none"]}), features[1:2])
    assert list(cache.damaged.values()) == ["none"]


def test_without_torch_the_error_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_torch(name: str) -> Any:
        raise ModuleNotFoundError("No module named 'torch'", name="torch")

    monkeypatch.setattr(importlib, "import_module", no_torch)
    with pytest.raises(MissingExtra, match="torch") as error:
        frozen._ROLES["text"].load(Pretrained("some", Path(), "digest"))
    assert error.value.next == 'pip install "tacit[deep]"'


def test_apart_a_text_is_encoded_again_whatever_memory_and_folder_have(net: _Letters, tmp_path: Path) -> None:
    fitted(["a", "b"], Cache(tmp_path))
    one: dict[str, Vectors] = {}
    with apart(one):
        assert encoding_seconds(["a", "b"], "text", "some") == 2
        encoder, _ = fitted(["a"], Cache())
        encoder.encode({"t": ["a", "b"]})
    assert net.given == ["a", "b", "a", "b"]
    with apart(one):
        fitted(["a", "b"], Cache())
    fitted(["a", "b"], Cache())
    assert net.given == ["a", "b", "a", "b"]
