"""The rows next to what is labeled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from tacit.errors import FileError, OptionError
from tacit.selection.frontier import Frontier, frontier, load_frontier
from tacit.selection.neighbors import Exact, exact


@pytest.fixture
def index() -> Exact:
    """Three clusters of 40 rows, far from each other."""
    rng = np.random.default_rng(0)
    return exact((rng.normal(size=(120, 4)) + 100 * np.repeat(np.arange(3), 40)[:, None]).astype(np.float32))


def same(one: Frontier, two: Frontier) -> None:
    for field in fields(Frontier):
        np.testing.assert_array_equal(getattr(one, field.name), getattr(two, field.name), err_msg=field.name)


def by_definition(index: Exact, k: int, labeled: list[int]) -> list[int]:
    """The union of the k nearest other rows of each labeled one, less the labeled."""
    table = index.features.astype(float)
    near: set[int] = set()
    for row in labeled:
        order = np.argsort(((table - table[row]) ** 2).sum(axis=1), kind="stable")
        near |= set(order[order != row][:k].tolist())
    return sorted(near - set(labeled))


def test_it_is_what_is_near_the_labels_without_the_labeled(index: Exact) -> None:
    labeled = [3, 50, 4, 90]
    assert frontier(120, k=6).grow(index, labeled).rows.tolist() == by_definition(index, 6, labeled)


def test_grown_label_by_label_it_is_as_if_made_at_once(index: Exact) -> None:
    order = np.random.default_rng(1).permutation(120)[:60]
    step = frontier(120, k=5)
    for start in range(0, 60, 7):
        step = step.grow(index, order[start : start + 7])
        assert step.rows.tolist() == by_definition(index, 5, order[: start + 7].tolist())
    same(step, frontier(120, k=5).grow(index, order))


def test_barred_rows_are_never_in_it_nor_drawn(index: Exact) -> None:
    state = frontier(120, k=6).grow(index, [3, 50]).bar([4, 5, 100])
    assert set(state.rows) == set(by_definition(index, 6, [3, 50])) - {4, 5}
    assert state.rest == 120 - 2 - len(state.rows) - 3
    drawn, _ = state.draw(state.rest, np.random.default_rng(0))
    assert not {4, 5, 100} & set(drawn.tolist())
    grown = state.grow(index, [90])
    assert not {4, 5, 100} & set(grown.rows.tolist())
    with pytest.raises(OptionError, match="row 120 is barred"):
        state.bar([120])


def test_only_the_new_are_asked_about(index: Exact) -> None:
    asked = []

    class Counting:
        size = index.size
        points = staticmethod(index.points)

        def near(self, points: np.ndarray, k: int):  # type: ignore[no-untyped-def]
            asked.append(len(points))
            return index.near(points, k)

    frontier(120, k=5).grow(Counting(), [1, 2, 3]).grow(Counting(), [4]).grow(Counting(), []).grow(Counting(), [5, 6])
    assert asked == [3, 1, 2]


def test_what_is_no_row_of_the_pool_has_neighbors_too(index: Exact) -> None:
    grown = frontier(120, k=4).grow(index, [7], points=index.features[8:9] + 0.001)
    assert grown.labeled.tolist() == [7, -1]
    assert 8 in grown.rows
    assert grown.rest == 120 - 1 - len(grown.rows)
    assert len(grown.rows) == len(set(grown.near.ravel().tolist()) - {7})


def test_a_row_among_many_that_equal_it_is_not_its_own_neighbor() -> None:
    index = exact(np.zeros((20, 2)))
    grown = frontier(20, k=3).grow(index, [15])
    assert grown.rows.tolist() == [0, 1, 2]
    assert frontier(20, k=3).grow(index, [1]).rows.tolist() == [0, 2, 3]


def test_a_pool_smaller_than_k_is_all_frontier() -> None:
    grown = frontier(3, k=10).grow(exact(np.eye(3)), [1])
    assert grown.rows.tolist() == [0, 2]
    assert grown.near.tolist() == [[0, 2] + [-1] * 8]
    assert grown.rest == 0


@pytest.mark.parametrize("rows", [[120], [-1], [5, 5], [3]])
def test_rows_that_cannot_be_labeled_are_refused(index: Exact, rows: list[int]) -> None:
    with pytest.raises(OptionError, match="rows are 0 to 119, each labeled once"):
        frontier(120).grow(index, [3]).grow(index, rows)


def test_an_index_of_another_pool_is_refused(index: Exact) -> None:
    with pytest.raises(OptionError, match="a frontier stays with the pool"):
        frontier(119).grow(index, [3])


def test_components_are_the_parts_of_the_pool_that_are_reached(index: Exact) -> None:
    grown = frontier(120, k=39).grow(index, [50, 3, 51, 4])
    assert grown.components().tolist() == [0, 1, 0, 1]
    assert grown.components([3]).tolist() == [0]
    assert grown.components([]).tolist() == []
    with pytest.raises(OptionError, match="row 5 is not labeled"):
        grown.components([3, 5])


def test_components_join_by_a_shared_neighbor_or_by_being_neighbors() -> None:
    line = exact(np.array([[0.0], [1.0], [2.2], [3.5], [50.0], [51.0]]))
    # 0 and 2 share the neighbor 1; 4 and 5 are each other's.
    grown = frontier(6, k=1).grow(line, [0, 2, 4, 5])
    assert grown.near.ravel().tolist() == [1, 1, 5, 4]
    assert grown.components().tolist() == [0, 0, 1, 1]


def test_each_row_outside_is_drawn_as_often(index: Exact) -> None:
    for labeled in ([3], [3, 50, 90]):  # with most of the pool outside, and with little of it
        state = frontier(120, k=30).grow(index, labeled)
        outside = np.setdiff1d(np.arange(120), np.concatenate([state.rows, state.labeled]))
        hits = np.zeros(120)
        for seed in range(600):
            rows, grown = state.draw(5, np.random.default_rng(seed))
            assert len(set(rows.tolist())) == 5
            hits[rows] += 1
        assert hits[np.setdiff1d(np.arange(120), outside)].sum() == 0
        share = 5 / state.rest
        assert np.abs(hits[outside] / 600 - share).max() < 5 * np.sqrt(share * (1 - share) / 600)
        assert grown.drawn.tolist() == rows.tolist()
        assert grown.outside.tolist() == [state.rest] * 5
    with pytest.raises(OptionError, match="it is at most"):
        state.draw(state.rest + 1, np.random.default_rng(0))
    assert len(set(state.draw(state.rest, np.random.default_rng(0))[0].tolist())) == state.rest


def test_it_comes_back_from_a_file_as_it_was(index: Exact, tmp_path: Path) -> None:
    state = frontier(120, k=5, pool="abc").grow(index, [3, 50]).draw(4, np.random.default_rng(0))[1]
    state.save(tmp_path / "new" / "frontier.npz")
    back = load_frontier(tmp_path / "new" / "frontier.npz", pool="abc")
    same(back, state)
    same(back.grow(index, back.drawn), state.grow(index, state.drawn))
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["frontier.npz"]
    with pytest.raises(FileError, match="another pool, or the pool has changed"):
        load_frontier(tmp_path / "new" / "frontier.npz", pool="abd")


def test_a_damaged_file_is_an_error(index: Exact, tmp_path: Path) -> None:
    path = tmp_path / "frontier.npz"
    with pytest.raises(FileError, match="cannot be read"):
        load_frontier(path)
    frontier(120).grow(index, [3]).save(path)
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(FileError, match="cannot be read"):
        load_frontier(path)


def test_killed_while_it_saves_it_is_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    code = """if True:
        import sys
        from pathlib import Path
        from tacit.selection.frontier import frontier
        import numpy as np
        from tacit.selection.neighbors import exact
        state, index = frontier(2000, k=50), exact(np.random.default_rng(0).normal(size=(2000, 4)))
        for row in range(2000):
            state = state.grow(index, [row])
            state.save(Path(sys.argv[1]))
            print(row, flush=True)
    """
    path = tmp_path / "frontier.npz"
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(20):
            said = int(process.stdout.readline())
        time.sleep(0.005)
        os.kill(process.pid, signal.SIGKILL)
        said = max([said, *(int(line) for line in process.stdout.read().split())])
    assert len(load_frontier(path).labeled) in (said + 1, said + 2)


@pytest.mark.parametrize(("size", "k"), [(-1, 5), (10, 0)])
def test_a_frontier_has_a_size_and_neighbors(size: int, k: int) -> None:
    with pytest.raises(OptionError, match="k is 1 or more"):
        frontier(size, k=k)
