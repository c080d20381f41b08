"""Texts as means of token vectors: no net is needed, and no torch."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import tokenizers

from tacit.errors import BudgetError, MissingExtra
from tacit.learners import Cache, static
from tacit.learners.encoders import text_encoder
from tacit.learners.features import pack, unpack
from tacit.learners.static import Static, fit_static, static_seconds

WORDS = {"[UNK]": 0, "good": 1, "bad": 2, "film": 3}
TABLE = np.array([[0, 0], [1, 0], [-1, 0], [0, 0.5]], np.float16)


def tokens() -> str:
    cut = tokenizers.Tokenizer(tokenizers.models.WordLevel(WORDS, unk_token="[UNK]"))
    cut.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    cut.enable_truncation(2)
    return str(cut.to_str())


@pytest.fixture
def encoder() -> Static:
    return Static("t", tokens(), 2.0, TABLE, np.zeros(2, np.float32))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An encoder whose token vectors are known, so that nothing has to be distilled."""
    (tmp_path / "config.json").write_text(json.dumps({"hidden_size": 2}))
    (tmp_path / "tokenizer.json").write_text(tokens())
    (tmp_path / "model.safetensors").write_bytes(b"")
    static._tables.cache_clear()
    monkeypatch.setattr(static, "_homes", {})
    return tmp_path


class _Distilling:
    """Counts how often a table was made."""

    made = 0

    def distill(self, pretrained: object, *, width: int, deadline: float | None) -> np.ndarray:
        self.made += 1
        return TABLE

    def distilling_seconds(self, pretrained: object) -> float:
        return 5.0


@pytest.fixture
def distilling(monkeypatch: pytest.MonkeyPatch) -> _Distilling:
    counted = _Distilling()
    monkeypatch.setattr(static, "deep", lambda module: counted)
    return counted


def test_a_text_is_the_mean_of_its_tokens(encoder: Static) -> None:
    found = encoder.encode({"t": ["good", "good film", "film good", "", "else", None, ("bad", "bad")]})
    slope = 2 / np.hypot(1, 0.5)
    assert np.allclose(found, [[2, 0], [slope, slope / 2], [slope, slope / 2], [0, 0], [0, 0], [0, 0], [-2, 0]])
    assert encoder.encode({"t": []}).shape == (0, 2)


def test_all_of_a_long_text_is_read(encoder: Static) -> None:
    (vector,) = encoder.encode({"t": ["good " * 10 + "bad " * 300]})
    assert vector[0] < 0


def test_the_table_is_made_once_and_kept(folder: Path, distilling: _Distilling, tmp_path: Path) -> None:
    home = tmp_path / "cache"
    assert static_seconds(["good"], str(folder)) >= 5
    found, features = fit_static("t", ["good", "bad", None], str(folder), scale=1.0, cache=Cache(home), deadline=None)
    assert features.tolist() == [[1, 0], [-1, 0], [0, 0]]
    static._tables.cache_clear()  # another process
    fit_static("t", ["good"], str(folder), scale=1.0, cache=Cache(home), deadline=None)
    assert distilling.made == 1
    assert static_seconds(["good"], str(folder)) < 1
    again = unpack(*pack([found]), [Static])[0]
    assert np.array_equal(again.encode({"t": ["film"]}), found.encode({"t": ["film"]}))


def test_a_column_that_is_missing_everywhere(folder: Path, distilling: _Distilling) -> None:
    _, features = fit_static("t", [None, None], str(folder), scale=1.0, cache=Cache(), deadline=None)
    assert features.tolist() == [[0, 0]] * 2


def test_a_deadline_that_has_passed(folder: Path, distilling: _Distilling) -> None:
    with pytest.raises(BudgetError):
        fit_static("t", ["good"], str(folder), scale=1.0, cache=Cache(), deadline=time.monotonic() - 1)


def test_predicting_needs_no_torch(encoder: Static) -> None:
    code = (
        "import sys, json, numpy as np; sys.modules['torch'] = None; from tacit.learners.static import Static\n"
        f"s = Static('t', {encoder.tokens!r}, 2.0, np.ones((4, 2), np.float16), np.zeros(2, np.float32))\n"
        "print(s.encode({'t': ['good']}).shape)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "(1, 2)"


def test_distilling_without_torch_says_what_to_type(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.delitem(sys.modules, "tacit.learners.deep.distill", raising=False)
    monkeypatch.delitem(sys.modules, "tacit.learners.deep.text", raising=False)
    monkeypatch.delitem(sys.modules, "tacit.learners.deep.bert", raising=False)
    with pytest.raises(MissingExtra, match="torch"):
        static._table(text_encoder(str(folder)), None, None)
