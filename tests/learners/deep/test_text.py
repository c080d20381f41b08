"""A text's vector is that of the encoder, and does not depend on the texts beside it."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import torch

from tacit.learners.deep import text as module
from tacit.learners.deep.text import Net, batches, load, one_thread
from tacit.learners.encoders import text_encoder

TEXTS = ["A fine film.", "", "dull", "An hour too long, and not a minute of it good!", "w" * 5000, "A fine book.", "so " * 3000]


@pytest.fixture(scope="module")
def net() -> Net:
    return load(text_encoder("minilm"))


def encoded(net: Net, texts: list[str]) -> np.ndarray:
    found = np.zeros((len(texts), net.width), np.float32)
    for positions, vectors in net.encode(texts):
        found[positions] = vectors
    return found


def test_batches_hold_texts_of_one_length() -> None:
    lengths = [3, 5, 3, 3, 9, 5, 3]
    found = list(batches(lengths, tokens=9))
    assert sorted(i for some in found for i in some) == list(range(7))
    assert all(len({lengths[i] for i in some}) == 1 and sum(lengths[i] for i in some) <= 9 for some in found)
    assert list(batches([], tokens=9)) == []
    assert list(batches([50], tokens=9)) == [[0]]


def test_vectors_are_those_of_the_plain_way(net: Net) -> None:
    import transformers

    folder = text_encoder("minilm").folder
    cut = transformers.AutoTokenizer.from_pretrained(folder)
    theirs = transformers.AutoModel.from_pretrained(folder).eval()
    given = cut(TEXTS, padding=True, truncation=True, max_length=256, return_tensors="pt")
    with torch.inference_mode():
        hidden, mask = theirs(**given).last_hidden_state, given["attention_mask"][..., None]
        expected = torch.nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1)).numpy()
    assert ((encoded(net, TEXTS) * expected).sum(axis=1) > 0.999).all()


def test_a_text_alone_has_the_same_vector_bit_by_bit(net: Net) -> None:
    texts = TEXTS + [f"number {i} and {i + 1}" for i in range(90)]
    whole = encoded(net, texts)
    exact = 0.0 if net.kept == np.float16 else 1e-6
    for i in [*range(len(TEXTS)), 20, 50, 96]:
        assert np.abs(whole[i] - encoded(net, [texts[i]])[0]).max() <= exact
    assert np.allclose(np.linalg.norm(whole, axis=1), 1, atol=1e-3)


def test_time_is_told_before_it_is_spent(net: Net) -> None:
    short, long = net.seconds_for(["a few words"] * 10), net.seconds_for(["a few words"] * 1000)
    assert 0 < short < long < 60
    assert net.seconds_for([]) == 0


def test_whoever_has_enough_can_stop(net: Net) -> None:
    running = threading.active_count()
    batches_of_texts = net.encode([f"{'so ' * i}far" for i in range(60)])
    next(batches_of_texts)
    batches_of_texts.close()
    assert threading.active_count() == running


def test_threads_are_given_back() -> None:
    before = torch.get_num_threads()
    with one_thread():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == before


def test_processors_without_bfloat16_compute_in_float32(monkeypatch: pytest.MonkeyPatch, net: Net) -> None:
    monkeypatch.setattr(module, "_has_bfloat16", lambda: False)
    longer = load.__wrapped__(text_encoder("minilm"))
    assert longer.kept == np.float32
    assert ((encoded(longer, TEXTS[:4]) * encoded(net, TEXTS[:4])).sum(axis=1) > 0.999).all()
