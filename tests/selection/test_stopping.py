"""What the next labels are worth, checked against curves and replays of which the truth is known."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tacit.errors import OptionError
from tacit.selection import Worth, worth

LABELS = np.array([100, 200, 400, 800, 1600])


@pytest.mark.parametrize(("a", "b", "c"), [(1.0, 0.5, 0.0), (2.0, 0.5, 0.1), (10.0, 1.0, 0.2), (0.8, 0.2, 0.0)])
def test_a_curve_without_noise_is_found_again(a: float, b: float, c: float) -> None:
    def error(n: float) -> float:
        return float(c + a * n**-b)

    found = worth(LABELS, [1 - error(n) for n in LABELS], 1600)
    assert found is not None
    assert found.gain == pytest.approx(error(1600) - error(3200), rel=0.03)
    assert found.power == pytest.approx(b, rel=0.1)
    assert found.ceiling == pytest.approx(1 - c, abs=0.02)


@pytest.mark.parametrize(("a", "b", "c", "rows"), [(2.0, 0.5, 0.05, 500), (1.0, 0.25, 0.1, 2000), (10.0, 0.8, 0.15, 2000)])
def test_the_interval_holds_the_truth_nineteen_times_of_twenty_or_so(a: float, b: float, c: float, rows: int) -> None:
    chance = np.random.default_rng(1)
    error = c + a * LABELS**-b
    truth = a * (1600**-b - 2000**-b)
    held = 0
    for seed in range(60):
        found = worth(LABELS, 1 - chance.binomial(rows, error) / rows, 400, rows=rows, seed=seed)
        assert found is not None
        held += found.interval[0] <= truth <= found.interval[1]
    assert held >= 52


def replayed(chance: np.random.Generator, labels: np.ndarray, tests: int) -> list[float]:
    """Scores of a nearest-mean classifier in 30 dimensions, on the first so many of its rows."""

    def rows(n: int) -> tuple[np.ndarray, np.ndarray]:
        y = chance.integers(0, 2, n)
        return chance.normal(size=(n, 30)) + 0.25 * (2 * y[:, None] - 1), y

    (x, y), (tx, ty) = rows(int(labels[-1])), rows(tests)
    scores = []
    for n in labels:
        means = [x[:n][y[:n] == c].mean(axis=0) for c in (0, 1)]
        nearer = ((tx - means[1]) ** 2).sum(axis=1) < ((tx - means[0]) ** 2).sum(axis=1)
        scores.append(float((nearer == ty).mean()))
    return scores


def test_of_replays_with_a_learner_what_was_told_is_what_came() -> None:
    chance = np.random.default_rng(2)
    labels = np.array([20, 40, 80, 160, 320, 640])
    runs = [replayed(chance, labels, 1000) for _ in range(25)]
    told = [worth(labels[:5], scores[:5], 320, rows=1000, seed=i) for i, scores in enumerate(runs)]
    came = float(np.mean([scores[5] - scores[4] for scores in runs]))
    gains = [t.gain for t in told if t is not None]
    assert len(gains) == 25
    assert abs(float(np.mean(gains)) - came) < 0.01
    assert sum(t.interval[0] <= came <= t.interval[1] for t in told if t is not None) >= 21


def test_noise_alone_is_worth_next_to_nothing_and_a_steep_curve_is_worth_going_on() -> None:
    chance = np.random.default_rng(3)
    flat = worth(LABELS, 0.9 + chance.normal(0, 0.001, 5), 400, rows=100_000)
    steep = worth(LABELS, 1 - LABELS**-0.5, 400)
    assert flat is not None
    assert steep is not None
    assert flat.is_below(0.002)
    assert not steep.is_below(0.002)


def test_more_labels_are_worth_more_and_none_less_than_nothing() -> None:
    falling = [0.8, 0.79, 0.78, 0.77, 0.76]
    for scores in (falling, [0.7, 0.8, 0.85, 0.87, 0.88]):
        found = [worth(LABELS, scores, more) for more in (10, 100, 1000)]
        gains = [f.gain for f in found if f is not None]
        assert gains == sorted(gains)
        assert gains[0] >= 0


def test_a_score_that_is_measured_on_few_rows_is_told_less_surely() -> None:
    scores = 1 - LABELS**-0.5
    widths = []
    for rows in (100, 10_000):
        found = worth(LABELS, scores, 400, rows=rows)
        assert found is not None
        widths.append(found.interval[1] - found.interval[0])
    assert widths[0] > 2 * widths[1]


def test_scores_of_several_seeds_go_into_one_curve() -> None:
    chance = np.random.default_rng(4)
    labels = np.repeat(LABELS, 5)
    found = worth(labels, 1 - labels**-0.5 + chance.normal(0, 0.005, 25), 1600)
    assert found is not None
    assert found.gain == pytest.approx(1600**-0.5 - 3200**-0.5, abs=0.005)


def test_two_rounds_are_too_few_and_the_same_seed_tells_the_same() -> None:
    assert worth([100, 200], [0.7, 0.8], 100) is None
    assert worth(np.repeat([100, 200], 9), np.repeat([0.7, 0.8], 9), 100) is None
    assert worth(LABELS, 1 - LABELS**-0.4, 100, rows=500) == worth(LABELS, 1 - LABELS**-0.4, 100, rows=500)


def test_it_says_less_than_where_the_interval_ends_low() -> None:
    assert str(Worth(100, 0.001, (0.0005, 0.00191), 0.9, 0.5)) == "the next 100 labels are worth less than 0.20 points"
    assert str(Worth(400, 0.011, (0.004, 0.02), 0.9, 0.5)) == "the next 400 labels are worth about 1.1 points (0.4 to 2.0)"
    assert str(Worth(1, 0.011, (0.004, 0.02), 0.9, 0.5)).startswith("the next 1 label is worth")
    assert json.loads(json.dumps(Worth(1, 0.1, (0.0, 0.2), 0.9, 0.5).to_dict()))["interval"] == [0.0, 0.2]


@pytest.mark.parametrize(
    ("labels", "scores", "more", "said"),
    [
        ([100, 200, 400], [0.7, 0.8], 100, "shape"),
        ([], [], 100, "shape"),
        ([200, 100, 400], [0.7, 0.8, 0.9], 100, "ascend"),
        ([0, 100, 400], [0.7, 0.8, 0.9], 100, "ascend"),
        ([100, 200, 400], [0.7, 0.8, 1.2], 100, "above the best of 1"),
        ([100, 200, 400], [0.7, np.nan, 0.9], 100, "not finite"),
        ([100, 200, 400], [0.7, 0.8, 0.9], 0, "1 or more"),
    ],
)
def test_what_is_no_curve_is_refused(labels: list[int], scores: list[float], more: int, said: str) -> None:
    with pytest.raises(OptionError, match=said):
        worth(labels, scores, more)
