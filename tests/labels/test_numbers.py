"""Functions that say numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tacit.errors import OptionError
from tacit.labels import aggregate_numbers, spread

NOISE = np.array([0.2, 0.5, 1.0, 2.0, 4.0])


def said(seed: int, n: int = 2000) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    truth = draw.normal(0, 3, n)
    values = truth[:, None] + draw.normal(0, NOISE, (n, len(NOISE)))
    return np.where(draw.random(values.shape) < 0.8, values, np.nan), truth


def test_noise_is_found_again_and_the_weighted_median_beats_the_plain_one() -> None:
    values, truth = said(0)
    found = aggregate_numbers(values)
    np.testing.assert_allclose(found.noise, NOISE, rtol=0.15, atol=0.1)
    known = ~np.isnan(values).all(1)
    plain = np.abs(np.nanmedian(values[known], axis=1) - truth[known]).mean()
    assert np.abs(found.values[known] - truth[known]).mean() < 0.7 * plain


def test_slips_of_a_decimal_point_do_no_harm() -> None:
    values, truth = said(1)
    slips = np.random.default_rng(0).random(values.shape) < 0.05
    found, before = aggregate_numbers(np.where(slips, values * 1000, values)), aggregate_numbers(values)
    known = ~np.isnan(before.values)
    assert np.median(np.abs(found.values - truth)[known]) < 1.3 * np.median(np.abs(before.values - truth)[known])


def test_a_function_that_runs_against_the_others_is_named_and_not_used() -> None:
    values, truth = said(2)
    found = aggregate_numbers(np.column_stack([values, -truth]))
    assert found.suspects == (5,)
    np.testing.assert_allclose(found.values, aggregate_numbers(values).values)


def test_by_hand() -> None:
    found = aggregate_numbers([[1.0, 3.0, np.nan], [np.nan, np.nan, np.nan], [np.nan, 7.0, np.nan]])
    np.testing.assert_array_equal(found.values, [2, np.nan, 7])
    assert np.isnan(found.spreads[1])
    assert np.isnan(found.noise).all()


@given(
    arrays(float, st.tuples(st.integers(0, 25), st.integers(0, 5)), elements=st.sampled_from([np.nan, -1.0, 0.0, 0.5, 2.0, 9.0]))
)
@settings(max_examples=60, deadline=None)
def test_the_order_of_rows_and_functions_does_not_matter(values: np.ndarray) -> None:
    rows, columns = np.random.default_rng(0).permutation(len(values)), np.random.default_rng(1).permutation(values.shape[1])
    found, shuffled = aggregate_numbers(values), aggregate_numbers(values[rows][:, columns])
    np.testing.assert_allclose(shuffled.values, found.values[rows], atol=1e-9)
    np.testing.assert_allclose(shuffled.noise, found.noise[columns], atol=1e-6)


@pytest.mark.parametrize("values", [[1.0], [["a"]], [[np.inf, 1.0]], [[[1.0]]]])
def test_what_are_no_numbers_is_refused(values: object) -> None:
    with pytest.raises(OptionError, match="next:"):
        aggregate_numbers(values)  # type: ignore[arg-type]


def test_gold_tells_two_functions_apart_and_measures_one_alone() -> None:
    values, truth = said(3)
    two = values[:, [0, 3]]
    assert np.ptp(aggregate_numbers(two).noise) < 1e-9  # nothing tells them apart
    known = np.where(np.arange(len(truth)) < 100, truth, np.nan)
    found = aggregate_numbers(two, gold=known)
    np.testing.assert_allclose(found.noise, NOISE[[0, 3]], rtol=0.3, atol=0.1)
    heard = ~np.isnan(two).any(1)
    assert np.abs(found.values - truth)[heard].mean() < 0.5 * np.abs(aggregate_numbers(two).values - truth)[heard].mean()
    np.testing.assert_allclose(aggregate_numbers(values[:, :1], gold=known).noise, NOISE[:1], rtol=0.3)


def test_a_function_that_runs_against_gold_is_named_also_when_it_is_alone() -> None:
    _, truth = said(4)
    assert aggregate_numbers(-truth[:, None]).suspects == ()
    assert aggregate_numbers(-truth[:, None], gold=np.where(np.arange(len(truth)) < 50, truth, np.nan)).suspects == (0,)


@pytest.mark.parametrize("gold", [[1.0], [[1.0, 2.0]], [1.0, float("inf")], ["a", "b"]])
def test_gold_of_another_length_or_without_end_is_refused(gold: list[float]) -> None:
    with pytest.raises(OptionError, match="gold is an array"):
        aggregate_numbers([[1.0], [2.0]], gold=gold)


def test_what_a_function_is_off_by_is_taken_off_where_gold_tells_it_and_weighs_less_where_the_others_do() -> None:
    values, truth = said(5)
    biased = np.column_stack([truth + 100, values[:, 1], values[:, 2]])
    known = np.where(np.arange(len(truth)) < 200, truth, np.nan)
    heard = ~np.isnan(biased).any(1)
    for gold in (None, known):
        found = aggregate_numbers(biased, gold=gold)
        assert np.abs(found.values - truth)[heard].mean() < 1.0
    assert found.bias[0] == pytest.approx(100, rel=0.05)
    assert found.noise[0] < 6
    assert aggregate_numbers(biased).noise[0] > 50


def test_a_function_that_always_says_the_commonest_number_is_not_perfect() -> None:
    draw = np.random.default_rng(0)
    truth = np.where(draw.random(400) < 0.55, 5.0, draw.uniform(0, 10, 400))
    values = np.column_stack([np.full(400, 5.0), truth + draw.normal(0, 0.3, 400), truth + draw.normal(0, 0.3, 400)])
    for gold in (None, np.where(np.arange(400) < 200, truth, np.nan)):
        found = aggregate_numbers(values, gold=gold)
        assert found.noise[0] > 2 * found.noise[1:].max()
        assert np.abs(found.values - truth).mean() < 0.3


@pytest.mark.parametrize("size", [1e-200, 1e150, 1e308])
def test_large_and_small_numbers_do_not_overflow(size: float) -> None:
    values, _ = said(6, n=50)
    found = aggregate_numbers(values / np.nanmax(np.abs(values)) * size)
    np.testing.assert_allclose(found.values / size, aggregate_numbers(values / np.nanmax(np.abs(values))).values, rtol=1e-6)


def test_one_absurd_number_does_nothing_to_the_others() -> None:
    values, _ = said(7)
    absurd = values.copy()
    absurd[0, 4] = 1e300
    found, before = aggregate_numbers(absurd), aggregate_numbers(values)
    np.testing.assert_allclose(found.values[1:], before.values[1:], rtol=1e-3, atol=1e-3)
    alone = np.full((3, 2), np.nan)
    alone[:, 0], alone[0, 1] = [1e308, 1.0, 2.0], 3.0
    assert aggregate_numbers(alone[:, :1]).values.tolist() == [1e308, 1.0, 2.0]


def test_the_spread_is_that_of_a_normal_whatever_a_few_errors_are() -> None:
    errors = np.random.default_rng(0).normal(0, 2, 5000)
    assert spread(errors) == pytest.approx(2, rel=0.05)
    assert spread(np.where(np.arange(5000) < 200, 1e9, errors)) == pytest.approx(2, rel=0.1)
    assert spread(np.where(np.arange(5000) < 3000, 0.0, errors)) > 0.5
    assert spread(np.array([np.nan])) == 0
