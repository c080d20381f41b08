"""Choosing near the labels."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.errors import OptionError, SelectionError
from tacit.selection import Pool, check_strategy, get, pick
from tacit.selection.frontier import frontier
from tacit.selection.neighbors import exact
from tacit.selection.seals import SEALS, Seals, likely
from tacit.selection.unsure import MARGIN, RANDOM


def pool(n: int = 300, labeled: int = 3) -> Pool:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(n + labeled, 3)).astype(np.float32)
    p = rng.random(n)
    return Pool(n, probabilities=np.column_stack([p, 1 - p]), features=features[labeled:], labeled=features[:labeled])


@pytest.mark.parametrize("strategy", [SEALS, Seals(RANDOM, k=4, share=0.5), Seals(likely(1), k=10, share=0)])
def test_it_keeps_the_contract(strategy: Seals) -> None:
    check_strategy(strategy)


def test_it_has_a_name_and_needs_what_its_base_needs() -> None:
    assert get("seals") is SEALS
    assert SEALS.needs == ("probabilities", "features")
    assert (Seals(RANDOM).name, Seals(RANDOM).needs) == ("seals-random", ("features",))


def test_it_is_the_base_among_the_rows_near_the_labels() -> None:
    whole = pool()
    assert whole.features is not None
    assert whole.probabilities is not None
    near = np.unique(exact(whole.features).near(whole.known(), 20).rows)
    found = Seals(MARGIN, k=20, share=0).pick(whole, 10)
    best = near[np.argsort(abs(whole.probabilities[near, 0] - 0.5))[:10]]
    assert found.rows.tolist() == best.tolist()


def test_a_share_comes_from_elsewhere_with_its_probability() -> None:
    whole = pool()
    near = np.unique(exact(np.asarray(whole.features)).near(whole.known(), 20).rows)
    found = Seals(MARGIN, k=20, share=0.25).pick(whole, 20)
    outside = ~np.isin(found.rows, near)
    assert outside.tolist() == [False] * 15 + [True] * 5
    assert found.probabilities[15:].tolist() == [5 / (300 - len(near))] * 5


def test_a_share_of_less_than_a_row_is_drawn_now_and_then() -> None:
    whole = pool()
    near = np.unique(exact(np.asarray(whole.features)).near(whole.known(), 20).rows)
    strategy = Seals(MARGIN, k=20, share=0.1)
    drawn = sum(int((~np.isin(strategy.pick(whole, 2, seed).rows, near)).sum()) for seed in range(200))
    assert 15 <= drawn <= 70  # 40 are expected, with a standard deviation of 6


def test_more_than_is_near_is_filled_up_from_elsewhere_and_the_other_way_around() -> None:
    whole = pool(labeled=1)
    found = Seals(MARGIN, k=5, share=0).pick(whole, 30)
    near = exact(np.asarray(whole.features)).near(whole.known(), 5).rows[0]
    assert set(found.rows[:5].tolist()) == set(near.tolist())
    assert len(set(found.rows.tolist())) == 30
    assert sorted(Seals(MARGIN, k=290, share=1).pick(whole, 300).rows.tolist()) == list(range(300))


def test_with_no_labels_all_are_drawn() -> None:
    found = pick("seals", 6, pool=pool(labeled=0))
    assert found.probabilities.tolist() == [6 / 300] * 6


def test_a_step_looks_at_the_frontier_alone() -> None:
    rng = np.random.default_rng(1)
    index = exact(rng.normal(size=(500, 4)))
    state, looked = frontier(500, k=10).grow(index, [0, 1]), []

    def look(rows: np.ndarray) -> Pool:
        looked.append(rows)
        return Pool(len(rows), probabilities=np.full((len(rows), 2), 0.5))

    labeled = {0, 1}
    for seed in range(6):
        step = SEALS.step(state, 10, look, seed)
        assert np.array_equal(looked[-1], state.rows)
        assert labeled.isdisjoint(step.pick.rows.tolist())
        assert np.isin(step.pick.rows[~step.drawn], state.rows).all()
        assert not np.isin(step.pick.rows[step.drawn], state.rows).any()
        assert step.frontier.drawn.tolist()[-int(step.drawn.sum()) :] == step.pick.rows[step.drawn].tolist()
        state, labeled = step.frontier.grow(index, step.pick.rows), labeled | set(step.pick.rows.tolist())
    assert len(state.labeled) == 62
    assert f"{len(step.frontier.rows):,} rows near what is labeled, in " in str(step)


def test_a_cluster_that_no_seed_reaches_is_found_by_the_draws() -> None:
    rng = np.random.default_rng(2)
    truth = np.repeat([0, 1, 1], [1800, 100, 100])
    index = exact(rng.normal(size=(2000, 2)) + np.repeat([[0, 0], [40, 0], [0, 40]], [1800, 100, 100], axis=0))

    def found(share: float) -> set[int]:
        state = frontier(2000, k=10).grow(index, [1800, 0])
        for seed in range(20):
            look = lambda rows: Pool(len(rows), probabilities=np.eye(2)[truth[rows]])  # noqa: E731
            step = Seals(likely(1), k=10, share=share).step(state, 20, look, seed)
            state = step.frontier.grow(index, step.pick.rows)
        return {1 + (row >= 1900) for row in state.labeled.tolist() if truth[row]}

    assert found(0.0) == {1}
    assert found(0.2) == {1, 2}


def test_more_than_there_is_cannot_be_chosen() -> None:
    state = frontier(5, k=2).grow(exact(np.eye(5)), [0])
    with pytest.raises(SelectionError, match="choose 1 to 4"):
        SEALS.step(state, 5, lambda rows: Pool(len(rows), probabilities=np.full((len(rows), 2), 0.5)))


@pytest.mark.parametrize(("k", "share"), [(0, 0.1), (5, -0.1), (5, 1.5)])
def test_its_numbers_are_checked(k: int, share: float) -> None:
    with pytest.raises(OptionError, match="k is 1 or more, and the share from 0 to 1"):
        Seals(k=k, share=share)


def test_the_likely_are_those_of_a_class_that_there_is() -> None:
    whole = pool()
    assert whole.probabilities is not None
    assert likely(1).pick(whole, 1).rows[0] == whole.probabilities[:, 1].argmax()
    with pytest.raises(OptionError, match="classes are 0 to 1"):
        likely(2).pick(whole, 1)


def test_spans_are_looked_at_with_their_tokens() -> None:
    lengths = np.array([2, 1, 3, 1])
    sure = np.array([0.9, 0.9, 0.9, 0.5, 0.5, 0.5, 0.9])
    whole = Pool(
        4,
        probabilities=np.column_stack([sure, 1 - sure]),
        features=np.arange(4.0)[:, None],
        labeled=np.array([[1.6]]),
        kind="spans",
        lengths=lengths,
    )
    found = Seals(MARGIN, k=3, share=0).pick(whole, 3)  # the rows 1, 2 and 3 are near
    assert found.rows[0] == 2
    assert set(found.rows.tolist()) == {1, 2, 3}


def test_with_one_class_only_rows_near_the_labels_are_drawn() -> None:
    whole = pool()
    alone = Pool(300, probabilities=np.ones((300, 1)), features=whole.features, labeled=whole.labeled)
    near = np.unique(exact(np.asarray(whole.features)).near(whole.known(), 20).rows)
    chosen = {tuple(sorted(Seals(likely(0), k=20, share=0).pick(alone, 5, seed).rows.tolist())) for seed in range(4)}
    assert len(chosen) == 4
    assert {row for rows in chosen for row in rows} <= set(near.tolist())
    with pytest.raises(OptionError, match="2 or more classes"):
        SEALS.pick(alone, 5)
