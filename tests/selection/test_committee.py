"""Committees."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import entropy

from tacit.errors import OptionError
from tacit.selection import Pool, committee, get

MEMBERS = np.random.default_rng(0).dirichlet(np.ones(3), (4, 50))


def test_divergence_from_the_consensus_is_that_of_scipy() -> None:
    mean = MEMBERS.mean(axis=0)
    expected = np.mean([entropy(member, mean, axis=1) for member in MEMBERS], axis=0)
    np.testing.assert_allclose(committee(MEMBERS, "consensus"), expected)


def test_votes_are_counted_and_a_tie_is_divided() -> None:
    votes = [[[0.9, 0.1, 0.0]], [[0.2, 0.8, 0.0]], [[0.5, 0.5, 0.0]]]
    np.testing.assert_allclose(committee(votes, "vote-entropy"), [np.log(2)])
    np.testing.assert_allclose(
        committee(MEMBERS, "vote-entropy"),
        [entropy(np.bincount(row, minlength=3)) for row in MEMBERS.argmax(axis=2).T],
        atol=1e-12,
    )


def test_numbers_differ_by_their_spread() -> None:
    numbers = np.random.default_rng(1).normal(size=(5, 20))
    np.testing.assert_allclose(committee(numbers, "spread"), numbers.std(axis=0))
    found = get("committee").pick(Pool(20, members=numbers, kind="numbers"), 3)
    assert found.rows.tolist() == np.argsort(-numbers.std(axis=0))[:3].tolist()


def test_labels_add_up() -> None:
    members = np.random.default_rng(2).random((3, 10, 4))
    found = get("committee").pick(Pool(10, members=members, kind="labels"), 10)
    each = [committee(np.stack([members[:, :, j], 1 - members[:, :, j]], axis=2), "consensus") for j in range(4)]
    np.testing.assert_allclose(found.scores, np.sort(np.sum(each, axis=0))[::-1])


@pytest.mark.parametrize("kind", ["consensus", "vote-entropy"])
def test_members_that_agree_and_are_sure_score_nothing(kind: str) -> None:
    sure = np.tile([[1.0, 0.0]], (3, 2, 1))
    assert committee(sure, kind).tolist() == [0.0, 0.0]
    np.testing.assert_allclose(committee(MEMBERS[:, :, [2, 0, 1]], kind), committee(MEMBERS, kind))


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        ([[1.0]], "consensus"),
        ([[[np.nan, 1.0]]], "consensus"),
        ([[[-1.0, 2.0]]], "consensus"),
        ([1.0], "spread"),
        ([[[1.0]]], "sprad"),
    ],
)
def test_what_is_no_committee_is_refused(members: object, kind: str) -> None:
    with pytest.raises(OptionError, match="next:"):
        committee(members, kind)  # type: ignore[arg-type]
