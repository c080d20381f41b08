"""What votes come to, for each kind of answer."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pytest

from tacit import Span
from tacit.errors import NotLearnable
from tacit.types import output_kind
from tacit.verdicts import Said, reached


def said(codes: Any, more: Any = None) -> Said:
    votes = np.array(codes, np.int64)
    names = [f"f{j}" for j in range(votes.shape[1])]
    return Said(names, votes, [None] * len(names) if more is None else more, [0] * len(names))


def objects(*values: Any) -> np.ndarray:
    found = np.full(len(values), None, object)
    found[:] = values
    return found


def on(output: Any, what: Said, truth: dict[str, Any] | None = None, tests: list[bool] | None = None) -> Any:
    n = len(what.codes)
    ids = [str(i) for i in range(n)]
    return reached(what, output_kind(output), ids, truth or {}, np.array(tests or [False] * n))


MOOD = Literal["glad", "sad"]


def test_classes_are_weighed_measured_and_learned_from_as_sure_as_they_are() -> None:
    found = on(MOOD, said([[0, 0], [1, 0], [-1, -2], [-1, 1]]), {"0": 0, "1": 1})
    assert found.matrix.tolist() == [[0, 0], [1, 0], [-1, -1], [-1, 1]]
    assert [(f.coverage, f.overlap, f.conflict, f.measured) for f in found.functions] == [
        (0.5, 0.5, 0.25, 1),
        (0.75, 0.5, 0.25, 0.5),
    ]
    target, sure = found.learned()
    np.testing.assert_array_equal(target, found.probabilities)
    assert sure[2] == 0
    np.testing.assert_allclose(sure, 2 * target.max(1) - 1)


def test_labels_of_test_rows_measure_but_do_not_mend() -> None:
    votes = said([[0, 1]] * 40)
    everybody, nobody = dict.fromkeys(map(str, range(40)), 0), on(MOOD, votes)
    tested, taught = on(MOOD, votes, everybody, [True] * 40), on(MOOD, votes, everybody)
    np.testing.assert_allclose(tested.probabilities, nobody.probabilities)
    assert tested.functions[0].measured == taught.functions[0].measured == 1
    assert taught.probabilities[0, 0] > 0.9
    hidden, _ = taught.learned(np.ones(40, bool))
    np.testing.assert_allclose(hidden, nobody.probabilities)


def test_a_soft_vote_counts_as_much_as_it_is_sure() -> None:
    found = on(MOOD, said([[0], [0], [-1]], [np.array([[0.6, 0.4], [np.nan] * 2, [np.nan] * 2])]))
    glad = found.probabilities[:, 0]
    assert 0.5 == glad[2] < glad[0] < glad[1]


def test_numbers_are_medians_weighed_by_noise() -> None:
    draw = np.random.default_rng(0)
    truth = draw.normal(0, 3, 200)
    noise = [0.1, 1.0, 3.0]
    more = [truth + draw.normal(0, s, 200) for s in noise]
    codes = np.zeros((200, 3), np.int64)
    codes[5] = -1
    labels = {str(i): float(truth[i]) for i in range(20)}
    found = on(float, said(codes, more), labels)
    assert np.isnan(found.values[5])
    heard = np.arange(200) != 5
    assert np.abs(np.array(found.values) - truth)[heard].mean() < 0.15
    for function, spread in zip(found.functions, noise, strict=True):
        assert function.estimated == pytest.approx(spread, rel=0.35, abs=0.15)
        assert function.measured == pytest.approx(spread * 0.8, rel=0.5)  # the mean of |x| of a normal
        assert function.coverage == 199 / 200
    assert found.functions[2].conflict < 0.2  # what noise explains is no conflict
    target, sure = found.learned(np.ones(200, bool))
    assert target.shape == (200,)
    assert sure[5] == 0
    assert sure[heard].min() > 0.95


def test_a_vote_that_only_rules_out_is_a_vote_for_no_class() -> None:
    found = on(Literal["a", "b", "c"], said([[1], [-1]], [np.array([[0.0, 0.5, 0.5], [np.nan] * 3])]), {"0": 1})
    assert found.matrix.tolist() == [[-1], [-1]]
    assert found.covered.tolist() == [True, False]
    assert found.functions[0].coverage == 0.5
    assert found.functions[0].measured is None


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e6])
def test_the_unit_of_a_number_decides_nothing(unit: float) -> None:
    x = np.random.default_rng(0).uniform(0, unit, 200)
    sure = on(float, said(np.zeros((200, 1)), [x])).learned()[1]
    np.testing.assert_allclose(sure, 0.5, atol=0.2)


def test_numbers_of_a_function_that_is_not_believed_cover_nothing() -> None:
    x = np.arange(100.0)
    codes = np.where(np.arange(100)[:, None] < [60, 60, 100], 0, -1)
    found = on(float, said(codes, [x, x + 0.1, -x]))
    assert [f.suspect for f in found.functions] == [False, False, True]
    assert found.covered.tolist() == [True] * 60 + [False] * 40


def test_numbers_that_tell_nothing_weigh_little() -> None:
    draw = np.random.default_rng(0)
    more = [draw.normal(size=100) for _ in range(2)]
    found = on(float, said(np.zeros((100, 2)), more), {str(i): float(v) for i, v in enumerate(draw.normal(size=100))})
    assert found.learned()[1].max() < 0.4


def test_of_sets_each_class_is_a_question() -> None:
    more = [np.array([[1, -1], [0, 0], [-1, -1]], np.int8), np.array([[0, 1], [-1, 0], [1, 1]], np.int8)]
    found = on(set[Literal["a", "b"]], said([[0, 0], [0, 0], [-1, -1]], more), {"0": np.array([1, 1])})
    assert found.matrix.tolist() == [[[1, -1], [0, 1]], [[0, 0], [-1, 0]], [[-1, -1], [-1, -1]]]
    assert found.probabilities.shape == (3, 2)
    assert found.probabilities[0, 1] > 0.5 > found.probabilities[1, 1]
    first, second = found.functions
    assert (first.conflict, second.conflict) == (1 / 3, 1 / 3)
    assert (first.measured, second.measured) == (1, 0.5)
    with pytest.raises(NotLearnable, match="no learner takes sets yet"):
        found.learned()


def test_of_spans_each_mark_is_a_question() -> None:
    def spans(*marks: tuple[int, int, str]) -> list[dict[str, Any]]:
        return [{"start": s, "end": e, "label": c} for s, e, c in marks]

    more = [objects(spans((0, 3, "who")), [], None), objects(spans((0, 3, "who"), (5, 9, "where")), spans((0, 2, "who")), None)]
    found = on(list[Span[Literal["who", "where"]]], said([[0, 0], [0, 0], [-1, -1]], more), {"0": frozenset({(0, 3, 0)})})
    assert found.matrix.tolist() == [[0, 0], [0, 0], [-1, -1]]
    assert (0, 3, 0) in found.values[0]
    assert found.values[2] == ()
    assert found.probabilities.shape == (3, 0)
    assert [f.measured for f in found.functions] == [1, 0.5]
    assert [f.conflict for f in found.functions] == [2 / 3, 2 / 3]
    with pytest.raises(NotLearnable, match="no learner takes spans yet"):
        found.learned()


@pytest.mark.parametrize("output", [MOOD, float, set[Literal["a", "b"]], list[Span[Literal["a", "b"]]]])
def test_no_examples_are_no_reason_to_fail(output: Any) -> None:
    found = on(output, said(np.zeros((0, 2))))
    assert len(found.matrix) == 0
    assert [f.coverage for f in found.functions] == [0, 0]
