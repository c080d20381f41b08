"""Tests of the operations of an answer, against counts by hand."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tacit.errors import MissingExtra, OptionError
from tacit.hardware import flops, module_flops
from tacit.learners import Cache, Data, Model, get
from tacit.learners.blend import blend
from tacit.learners.deep.bert import read_shape
from tacit.learners.deep.tuned import token_ids
from tacit.learners.encoders import text_encoder
from tacit.types import Category, ImageKind, Key, Kind, Number, TextKind
from tests.learners.deep.small import rows, small_encoder


def fit(learner: str, data: Data, **settings: Any) -> Model:
    return get(learner).fit(data, {**get(learner).portfolio(data)[0], **settings}, seed=0, cache=Cache())


def table(n: int = 80) -> Data:
    rng = np.random.default_rng(0)
    kinds: dict[str, Kind] = {"x": Number(), "y": Number(), "who": Key()}
    columns = {"x": rng.normal(size=n).tolist(), "y": rng.normal(size=n).tolist(), "who": [f"u{i % 4}" for i in range(n)]}
    return Data(kinds, columns, Category((0, 1, 2), "int"), np.eye(3)[np.arange(n) % 3], np.ones(n))


def test_a_linear_model_multiplies_each_feature_that_is_there_with_the_weights_of_all_classes() -> None:
    data = table()
    assert flops(fit("linear", data), data.columns) == 2 * (2 + 1) * 3  # two numbers and one level, three classes


def test_a_text_takes_as_many_as_it_has_ngrams() -> None:
    texts = ["good film", "bad film", "good", "bad"] * 10
    target = np.eye(2)[[0, 1] * 20]
    data = Data({"t": TextKind()}, {"t": texts}, Category((0, 1), "int"), target, np.ones(40))
    model = fit("tfidf-linear", data)
    one, two = flops(model, {"t": ["good"]}), flops(model, {"t": ["good film"]})
    assert one is not None
    assert two is not None
    assert 0 < one < two
    assert flops(model, {"t": ["good", "good film"]}) == (one + two) / 2
    assert flops(model, {"t": ["never seen"]}) == 0


def test_a_network_over_a_table_takes_its_layers() -> None:
    data = table()
    model: Any = fit("mlp", data, epochs=1)
    wide = [model.shape.inputs + 3 * model.shape.numbers, *[model.shape.width] * 3, 3]
    layers = sum(a * b for a, b in itertools.pairwise(wide))
    assert flops(model, data.columns) == 2 * (layers + model.shape.numbers * 16 * 3)


@pytest.mark.parametrize("learner", ["gbdt", "forest"])
def test_what_trees_take_is_not_known(learner: str) -> None:
    data = table()
    model = fit(learner, data)
    assert flops(model, data.columns) is None
    linear = fit("linear", data)
    members = [{"weight": 1.0}, {"weight": 1.0}]
    assert flops(blend("ensemble", [linear, model], members, 1.0), data.columns) is None
    assert flops(blend("ensemble", [linear, linear], members, 1.0), data.columns) == 36


def test_a_convolutional_net_takes_its_convolutions_for_each_image_alone() -> None:
    images = [np.full((8, 8), 3 * i, np.uint8) for i in range(40)]
    data = Data({"x": ImageKind()}, {"x": images}, Category((0, 1), "int"), np.eye(2)[np.arange(40) % 2], np.ones(40))
    small = {"side": 8, "gray": True, "flip": False, "vary": {}, "widths": [4, 8], "residual": False, "stem": 2, "epochs": 1}
    model = fit("convnet-small", data, **small, batch=16)
    stem = 4 * 4 * 49  # 2 x 2 patches to 4 channels, 7 x 7 places
    first = 9 * 4 * 4 * (49 + 9)  # then halved to 3 x 3
    second = 9 * (4 * 8 * 9 + 8 * 8 * 1)
    once = 2 * (stem + first + second + 8 * 2)
    assert flops(model, {"x": images[:3]}) == once
    mirrored = fit("convnet-small", data, **{**small, "flip": True}, batch=16)
    assert flops(mirrored, {"x": images[:1]}) == 2 * once


def of_encoder(encoder: Path, texts: list[str]) -> float:
    shape = read_shape(encoder)
    d, total = shape.hidden_size, 0.0
    for ids in token_ids(text_encoder(str(encoder)), texts):
        t = len(ids)
        total += shape.num_hidden_layers * 2 * (t * (4 * d * d + 2 * d * shape.intermediate_size) + 2 * t * t * d)
    return total


def test_an_encoder_of_texts_takes_its_layers_and_its_attention(tmp_path: Path) -> None:
    encoder = small_encoder(tmp_path / "small")
    data = rows(encoder)
    d = read_shape(encoder).hidden_size
    columns = {name: values[:5] for name, values in data.columns.items()}
    (texts,) = (list(values) for values in columns.values())
    tuned = fit("encoder-finetune", data, epochs=1)
    assert (flops(tuned, columns) or 0) * 5 == pytest.approx(of_encoder(encoder, texts) + 5 * 2 * d * 2)
    frozen = fit("encoder-linear", data, text=["encoder"])
    # What was remembered of these texts changes nothing.
    assert (flops(frozen, columns) or 0) * 5 == pytest.approx(of_encoder(encoder, texts) + 5 * 2 * d * 2)


def test_a_module_is_counted_forward_and_backward_and_stays_as_it_is() -> None:
    module = torch.nn.Sequential(torch.nn.Linear(10, 20), torch.nn.BatchNorm1d(20), torch.nn.Linear(20, 3))
    before = {name: value.clone() for name, value in module.state_dict().items()}
    inputs = [torch.randn(7, 10)]
    assert module_flops(module, inputs) == 2 * 7 * (10 * 20 + 20 * 3)
    # Gradients of both weights, and of what is between them.
    assert module_flops(module, inputs, backward=True) == 2 * 7 * (2 * 10 * 20 + 3 * 20 * 3)
    assert all(torch.equal(before[name], value) for name, value in module.state_dict().items())
    assert all(p.grad is None for p in module.parameters())


def test_without_torch_a_module_cannot_be_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tacit.learners.deep.counting", None)
    with pytest.raises(MissingExtra, match="counted by torch"):
        module_flops(torch.nn.Linear(2, 2), [torch.ones(1, 2)])


def test_without_rows_there_is_no_mean() -> None:
    with pytest.raises(OptionError, match="there are none"):
        flops(fit("linear", table()), {"x": [], "y": [], "who": []})
