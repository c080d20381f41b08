"""Labels that are probably wrong, and rows that are only hard."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from tacit.audits import Mislabeled, mislabeled
from tacit.audits.mislabeled import _joint, _pruned
from tacit.errors import OptionError

NOISE, MINORITY = 0.1, 0.05


def planted(seed: int, n: int = 3000, k: int = 3) -> tuple[np.ndarray, ...]:
    """Out-of-fold probabilities, given labels, features, who is of the minority, and whose label is wrong.

    A strong cue tells the class of the majority, and another one of the minority, so that a linear model is wrong about the minority;
    weaker features tell the class of everybody. One label in ten is another class, whoever has it.
    """
    rng = np.random.default_rng(seed)
    truth, minority = rng.integers(k, size=n), rng.random(n) < MINORITY
    cue = np.where(minority, (truth + 1) % k, truth)
    x = np.hstack([3 * np.eye(k)[cue] + 0.3 * rng.normal(size=(n, k)), 1.5 * np.eye(k)[truth] + 0.3 * rng.normal(size=(n, k))])
    wrong = rng.random(n) < NOISE
    given_ = np.where(wrong, (truth + rng.integers(1, k, size=n)) % k, truth)
    seen = np.hstack([x[:, :k], 0.2 * x[:, k:]])  # what the model sees of what tells everybody is faint
    p = cross_val_predict(LogisticRegression(C=0.01), seen, given_, cv=5, method="predict_proba")
    return p, given_, x, minority, wrong


def flagged(found: Mislabeled, n: int) -> np.ndarray:
    return np.isin(np.arange(n), found.rows[found.kind == "mislabeled"])


@pytest.mark.parametrize("grouped", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_planted_noise_is_found_and_the_minority_is_not_proposed(seed: int, grouped: bool) -> None:
    p, labels, x, minority, wrong = planted(seed)
    # What this guards against: confident learning alone proposes most of the minority.
    alone = np.isin(np.arange(len(p)), _pruned(p, labels, _joint(p, labels))[0])
    assert alone[minority & ~wrong].mean() > 0.5
    found = mislabeled(p, labels, x, minority.astype(int) if grouped else None)
    said = flagged(found, len(p))
    assert said[minority & ~wrong].mean() <= NOISE
    assert wrong[said].mean() > 0.95  # precision
    assert said[wrong & ~minority].mean() > 0.9  # recall
    hard = np.isin(np.arange(len(p)), found.rows[found.kind == "hard"])
    assert hard[minority & ~wrong].mean() > 0.5
    # Every row of the minority looks mislabeled to the model too, so the noise is seen as what both come to.
    assert found.noise == pytest.approx(NOISE + MINORITY, abs=0.03)


def test_groups_save_a_minority_that_lies_among_the_majority() -> None:
    """Features that show the cue alone put the minority's rows among the majority's of another class."""
    p, labels, x, minority, wrong = planted(0)
    cue = x[:, :3]
    clean = minority & ~wrong
    assert flagged(mislabeled(p, labels, cue), len(p))[clean].mean() > 0.3
    said = flagged(mislabeled(p, labels, cue, minority.astype(int)), len(p))
    assert said[clean].mean() <= NOISE
    assert said[wrong & ~minority].mean() > 0.9


def test_the_confident_joint_by_hand() -> None:
    # Thresholds .7 and .8: rows 0 and 1 count as 0, row 2 (labeled 0) as 1, rows 3 and 4 as 1, row 5 (labeled 1) as neither.
    p = np.array([0.9, 0.9, 0.1, 0.1, 0.05, 0.35])
    p = np.column_stack([p, 1 - p])
    labels = np.array([0, 0, 0, 1, 1, 1])
    joint = _joint(p, labels)
    np.testing.assert_allclose(joint, [[2 / 6, 1 / 6], [0, 3 / 6]])
    rows, suggested = _pruned(p, labels, joint)
    assert (rows.tolist(), suggested.tolist()) == ([2], [1])


def test_the_most_doubtful_come_first_with_what_to_say_instead() -> None:
    p, labels, x, *_ = planted(1, n=600)
    found = mislabeled(p, labels, x)
    assert (np.diff(found.margin) <= 0).all()
    assert (found.margin > 0).all()
    assert (found.suggested != labels[found.rows]).all()
    np.testing.assert_allclose(found.margin, p[found.rows, found.suggested] - p[found.rows, labels[found.rows]])
    assert ((found.share >= 0) & (found.share <= 1)).all()
    assert found.joint.sum() == pytest.approx(1)


def test_a_class_of_which_most_labels_look_wrong_is_hard() -> None:
    """The model never gives class 1, and neighbors do not either: rather class 1 is not learned than wrong."""
    rng = np.random.default_rng(0)
    labels = np.r_[np.zeros(190, int), np.ones(10, int)]
    p = np.column_stack([rng.uniform(0.85, 0.95, 200), np.zeros(200)])
    p[:, 1] = 1 - p[:, 0]
    found = mislabeled(p, labels, rng.normal(size=(200, 2)))
    assert set(found.kind[labels[found.rows] == 1].tolist()) <= {"hard"}
    grouped = mislabeled(p, labels, rng.normal(size=(200, 2)), np.arange(200) % 2)
    assert set(grouped.kind[labels[grouped.rows] == 1].tolist()) <= {"hard"}
    assert all("rather the model is" in note for note in found.notes)


def test_a_model_that_is_always_right_and_a_single_class() -> None:
    labels = np.arange(60) % 3
    features = np.random.default_rng(0).normal(size=(60, 2))
    found = mislabeled(np.eye(3)[labels], labels, features)
    assert (len(found.rows), found.noise) == (0, 0)
    assert len(mislabeled(np.ones((9, 1)), np.zeros(9), np.zeros((9, 1))).rows) == 0
    assert len(mislabeled(np.tile([0.6, 0.4], (9, 1)), np.zeros(9), np.zeros((9, 1))).rows) == 0
    assert len(mislabeled([[0.6, 0.4]], [1], [[0.0]]).rows) == 0  # nobody to ask


def test_groups_of_three_have_no_say_and_duplicates_no_vote_for_themselves() -> None:
    p, labels, x, *_ = planted(2, n=600)
    few = np.where(np.arange(600) < 3, 0, -1)
    assert (mislabeled(p, labels, x, few).kind == mislabeled(p, labels, x).kind).all()
    same = mislabeled(p, labels, np.zeros((600, 1)))  # at distance 0 from everybody
    assert len(same.kind) == len(same.rows)


def test_bad_input_is_named() -> None:
    p, labels, x, *_ = planted(2, n=300)
    with pytest.raises(OptionError, match="missing"):
        mislabeled(np.full_like(p, np.nan), labels, x)
    with pytest.raises(OptionError, match="features is of 299 rows"):
        mislabeled(p, labels, x[1:])
    with pytest.raises(OptionError, match="groups is of 1 rows"):
        mislabeled(p, labels, x, [0])
    with pytest.raises(OptionError, match="k is 0"):
        mislabeled(p, labels, x, k=0)
    with pytest.raises(OptionError, match="they are probabilities of classes, of shape"):
        mislabeled(p[:, 0], labels, x)
    with pytest.raises(OptionError, match="row 0 of the features is missing"):
        mislabeled(p, labels, np.full_like(x, np.nan))


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**6))
def test_whatever_is_given_the_joint_is_a_distribution_with_the_labels_shares(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, k = int(rng.integers(1, 50)), int(rng.integers(1, 5))
    p, labels = rng.dirichlet(np.ones(k), n), rng.integers(k, size=n)
    found = mislabeled(p, labels, rng.normal(size=(n, 2)), rng.integers(-1, 3, size=n), k=3)
    np.testing.assert_allclose(found.joint.sum(axis=1), np.bincount(labels, minlength=k) / n)
    assert len(set(found.rows.tolist())) == len(found.rows)
    assert set(found.kind.tolist()) <= {"hard", "mislabeled"}
