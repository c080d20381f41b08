"""Coverage-centric selection."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.errors import OptionError, SelectionError
from tacit.selection import coverage_centric

# Of 12: the hardest two go (9, 8.5); strata of width 2 over 0 to 8: 6, 1, 0 and 3 rows.
SCORES = np.array([0, 0.1, 0.2, 0.3, 0.4, 1.9, 2.5, 6.5, 7, 8, 8.5, 9])


def test_strata_are_filled_as_by_hand() -> None:
    found = coverage_centric(SCORES, 6, hardest=2 / 12, strata=4)
    # The stratum of one gives it; 5 are left for two: 2 of the three, 3 of the six.
    assert sorted(np.digitize(SCORES[found.rows], [2, 4, 6]).tolist()) == [0, 0, 0, 1, 3, 3]
    by_row = dict(zip(found.rows.tolist(), found.probabilities.tolist(), strict=True))
    assert by_row[6] == 1
    assert {by_row[r] for r in by_row if r in (7, 8, 9)} == {2 / 3}
    assert {by_row[r] for r in by_row if r < 6} == {1 / 2}
    assert found.weights.tolist() == [2.0] * 6


def test_each_row_is_kept_as_often_as_it_says() -> None:
    hits, said = np.zeros(12), np.zeros(12)
    for seed in range(1500):
        found = coverage_centric(SCORES, 6, hardest=2 / 12, strata=4, seed=seed)
        hits[found.rows] += 1
        said[found.rows] = found.probabilities
    np.testing.assert_allclose(hits / 1500, said, atol=0.065)  # five standard deviations
    assert hits[10] == hits[11] == 0


def test_rows_that_tie_are_dropped_and_kept_alike() -> None:
    hits = np.zeros(8)
    for seed in range(1500):
        hits[coverage_centric(np.zeros(8), 3, hardest=0.5, seed=seed).rows] += 1
    np.testing.assert_allclose(hits / 1500, 3 / 8, atol=0.063)


def test_what_was_never_learned_goes_first_and_what_is_left_of_it_is_the_top_stratum() -> None:
    scores = np.array([np.inf, np.inf, np.inf, 0, 1, 2, 3, 4, 4, 0])
    for seed in range(20):
        found = coverage_centric(scores, 4, hardest=0.2, strata=2, seed=seed)
        assert np.isinf(scores[found.rows]).sum() <= 1
        assert (scores[found.rows] >= 2).sum() == 2  # half of them: strata are 0 to 2 and 2 to 4
    assert len(coverage_centric([np.inf] * 4, 2).rows) == 2


def test_easy_and_hard_rows_are_covered_where_a_ranking_keeps_hard_ones_only() -> None:
    scores = np.random.default_rng(0).exponential(size=5000)
    found = coverage_centric(scores, 500, hardest=0.2)
    assert found.rows.shape == (500,)
    assert scores[found.rows].max() <= np.quantile(scores, 0.8)
    assert scores[found.rows].min() < np.quantile(scores, 0.02)


@pytest.mark.parametrize("wrong", [[np.nan, 1.0], [-np.inf, 1.0], [[1.0]], [], ["a"]])
def test_what_are_no_scores_is_refused(wrong: object) -> None:
    with pytest.raises(OptionError, match="one number for each row"):
        coverage_centric(wrong, 1)  # type: ignore[arg-type]


@pytest.mark.parametrize("options", [{"hardest": 1.0}, {"hardest": -0.1}, {"hardest": np.nan}, {"strata": 0}])
def test_options_out_of_range_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(OptionError, match="hardest is a share"):
        coverage_centric(SCORES, 1, **options)  # type: ignore[arg-type]


def test_more_than_the_hardest_leave_cannot_be_kept() -> None:
    with pytest.raises(SelectionError, match="write keep=6"):
        coverage_centric(SCORES, 7, hardest=0.5)
