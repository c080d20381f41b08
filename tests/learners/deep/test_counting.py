"""Tests of operations that are counted while torch works."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from tacit.learners.deep.counting import counted, phased, weights
from tacit.phases import phase


def test_products_convolutions_and_attentions_count() -> None:
    images, filters = torch.ones(4, 3, 16, 16), torch.ones(8, 3, 3, 3)
    assert counted(lambda: F.conv2d(images, filters, padding=1)) == 2 * (4 * 8 * 16 * 16) * 27
    assert counted(lambda: torch.ones(7, 10) @ torch.ones(10, 3)) == 2 * 7 * 10 * 3
    some = torch.ones(1, 2, 5, 8)
    assert counted(lambda: F.scaled_dot_product_attention(some, some, some)) == 2 * 2 * (2 * 5 * 5 * 8)


@pytest.mark.parametrize("kind", [torch.float32, torch.bfloat16])
def test_it_does_not_matter_how_predictions_are_made(kind: torch.dtype) -> None:
    layer, rows, some = torch.nn.Linear(10, 3, dtype=kind), torch.ones(7, 10, dtype=kind), torch.ones(1, 2, 5, 8, dtype=kind)

    def work() -> None:
        with torch.inference_mode():
            layer(rows)
            F.scaled_dot_product_attention(some, some, some)

    assert counted(work) == 2 * 7 * 10 * 3 + 2 * 2 * (2 * 5 * 5 * 8)


def test_sums_and_tables_do_not_count() -> None:
    assert counted(lambda: F.embedding(torch.tensor([1, 2]), torch.ones(5, 3)).sum().exp()) == 0


def test_operations_are_told_by_phase_with_their_precision() -> None:
    layer, rows = torch.nn.Linear(10, 3, dtype=torch.bfloat16), torch.ones(7, 10, dtype=torch.bfloat16, requires_grad=True)

    def work() -> None:
        with phase("forward"):
            scores = layer(rows)
        with phase("backward"):
            scores.sum().backward()

    watch, precision = phased(work)

    # Back they take as many for the weights, and as many for the rows.
    assert watch.operations == {"forward": 2 * 7 * 10 * 3, "backward": 2 * 2 * 7 * 10 * 3}
    assert sum(watch.operations.values()) == counted(work)
    assert precision == "bfloat16"
    assert phased(lambda: torch.ones(3).exp())[1] is None


def test_weights_are_what_two_answers_have_in_common() -> None:
    layer = torch.nn.Sequential(torch.nn.Linear(10, 30), torch.nn.ReLU(), torch.nn.Linear(30, 3))

    def answer(value: float) -> None:
        with torch.inference_mode():
            layer(torch.full((1, 10), value))

    assert weights(lambda: answer(1.0), lambda: answer(2.0)) == (4 * (10 * 30 + 30 + 30 * 3 + 3), "float32")
