"""A pool of files that is chosen from by points."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import tacit
from tacit import task
from tacit.errors import FileError, SelectionError
from tacit.selection import load_frontier


@pytest.fixture
def rare(project: Any) -> Any:
    @task
    def rare(x: float, y: float) -> bool:
        """Is it one of the few?"""

    return rare


def written(folder: Path, n: int = 2000, files: int = 3) -> dict[tuple[float, float], bool]:
    """Two thousand rows in three files: a cloud, and one in fifty far from it in a place of its own. Returns which is which."""
    rng = np.random.default_rng(0)
    truth = rng.random(n) < 0.02
    points = np.round(rng.normal(size=(n, 2)) + 12 * truth[:, None], 6)
    (folder / "pool").mkdir()
    for i, part in enumerate(np.array_split(np.arange(n), files)):
        table = pa.table({"x": points[part, 0], "y": points[part, 1], "note": ["unread"] * len(part)})
        pq.write_table(table, folder / "pool" / f"{i}.parquet", row_group_size=200)
    return dict(zip(map(tuple, points.tolist()), truth.tolist(), strict=True))


def known(truth: dict[tuple[float, float], bool], n: int) -> list[dict[str, Any]]:
    return [{"x": x, "y": y, "l": label} for (x, y), label in list(truth.items())[:n]]


def answer(rare: Any, chosen: Any, truth: dict[tuple[float, float], bool]) -> list[bool]:
    said = []
    for example in chosen.examples:
        said.append(truth[example.inputs["x"], example.inputs["y"]])
        tacit.label(rare, example.id, said[-1], by="ana")
    return said


def test_rounds_of_seals_find_the_few_and_never_ask_twice(rare: Any, folder: Path, project: Any) -> None:
    truth = written(folder)
    tacit.add(rare, known(truth, 40), label="l")  # of the pool itself
    tacit.add(rare, [{"x": -3.0, "y": -3.0, "l": False}, {"x": 12.0, "y": 12.5, "l": True}], label="l")  # and not of it
    asked: list[str] = []
    found = []
    for _ in range(4):
        chosen = tacit.select(rare, 20, strategy="seals", proxy="linear", pool=folder / "pool")
        asked += [e.id for e in chosen.examples]
        found += answer(rare, chosen, truth)
    assert len(set(asked)) == 80
    first = {e.id for batch in project.store.examples("rare", labeled=True) for e in batch}
    assert len(first) == 40 + 2 + 80
    assert "20 chosen: 18 of the" in chosen.strategy
    assert "of true, the rarest class: 0 of 6 rows drawn from outside are of the class" in chosen.strategy
    (path,) = (project.hidden / "features").rglob("frontier-100.npz")
    state = load_frontier(path)
    assert len(state.drawn) == 8
    assert (state.labeled >= 0).sum() == 40 + 60  # the last 20 are grown by the next choice


def test_files_are_chosen_from_as_rows_in_memory_are(rare: Any, folder: Path) -> None:
    truth = written(folder)
    tacit.add(rare, known(truth, 40), label="l")
    centers = tacit.select(rare, 30, strategy="k-center", pool=folder / "pool")
    assert len({e.id for e in centers.examples}) == 30
    # The cover reaches the place of the few at once.
    assert any(truth[e.inputs["x"], e.inputs["y"]] for e in centers.examples[:5])
    again = tacit.select(rare, 30, strategy="k-center", pool=str(folder / "pool" / "*.parquet"))
    assert again.examples == centers.examples


def test_repetitions_test_rows_and_rows_that_do_not_fit_are_never_chosen(rare: Any, folder: Path) -> None:
    rows = [{"x": float(i), "y": 0.0} for i in range(10)]
    pq.write_table(pa.Table.from_pylist([*rows, *rows, {"x": None, "y": 1.0}]), folder / "pool.parquet")
    tacit.add(rare, rows[:1], split="test")
    tacit.add(rare, [{**rows[1], "l": True}, {**rows[2], "l": False}], label="l")
    for strategy in ("k-center", "seals"):
        chosen = tacit.select(rare, 7, strategy=strategy, proxy="linear", pool=folder / "pool.parquet")
        assert sorted(e.inputs["x"] for e in chosen.examples) == [3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]
        with pytest.raises(SelectionError, match="8 cannot be chosen from the 7"):
            tacit.select(rare, 8, strategy=strategy, proxy="linear", pool=folder / "pool.parquet")


def test_a_label_of_what_is_not_in_the_pool_counts_too(rare: Any, folder: Path, project: Any) -> None:
    truth = written(folder)
    tacit.add(rare, known(truth, 40), label="l")
    tacit.select(rare, 5, strategy="seals", proxy="linear", pool=folder / "pool")
    (path,) = (project.hidden / "features").rglob("frontier-100.npz")
    assert (load_frontier(path).labeled >= 0).sum() == 40
    tacit.add(rare, [{"x": 50.0, "y": 50.0, "l": True}], label="l")
    tacit.select(rare, 5, strategy="seals", proxy="linear", pool=folder / "pool")
    state = load_frontier(path)
    assert ((state.labeled >= 0).sum(), (state.labeled < 0).sum()) == (40, 1)


def test_a_file_that_changed_is_another_pool(rare: Any, folder: Path) -> None:
    truth = written(folder)
    tacit.select(rare, 5, strategy="k-center", pool=folder / "pool")
    pq.write_table(pa.table({"x": [100.0], "y": [100.0]}), folder / "pool" / "0.parquet")
    with pytest.raises(tacit.TacitError, match="different columns"):
        tacit.select(rare, 5, strategy="k-center", pool=folder / "pool")
    pq.write_table(pa.table({"x": [100.0], "y": [100.0], "note": [""]}), folder / "pool" / "0.parquet")
    chosen = tacit.select(rare, 5, strategy="k-center", pool=folder / "pool")
    assert any(e.inputs["x"] == 100.0 for e in chosen.examples)
    assert len(truth) == 2000


def test_points_of_another_space_are_not_mixed_in(rare: Any, folder: Path, project: Any) -> None:
    written(folder)
    tacit.select(rare, 5, strategy="k-center", pool=folder / "pool")
    made = [p for p in (project.hidden / "features").rglob("features") if '"float32"' in (p.parent / "about.json").read_text()]
    points = np.fromfile(made[0], np.float32)
    (-points).tofile(made[0])
    with pytest.raises(FileError, match="made by another version of a library"):
        tacit.select(rare, 5, strategy="k-center", pool=folder / "pool")


PROGRAM = """
import sys, tacit
from tacit import task

@task
def rare(x: float, y: float) -> bool:
    "?"

tacit.open(sys.argv[1])
def tell(p):
    print(p.done, flush=True)
with tacit.watch(tell):
    tacit.select(rare, 5, strategy="k-center", pool=sys.argv[1] + "/pool")
"""


def test_a_kill_in_the_middle_leaves_what_is_done(rare: Any, folder: Path, project: Any) -> None:
    written(folder, 60_000, files=6)
    command = [sys.executable, "-c", textwrap.dedent(PROGRAM), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        for _ in range(3):
            program.stdout.readline()
        os.kill(program.pid, signal.SIGKILL)
    assert project.store.count("rare").examples == 0
    done = {p.parent: int(p.read_text().split()[-1]) for p in (project.hidden / "features").rglob("blocks")}
    assert all(0 < n <= 60_000 for n in done.values())
    chosen = tacit.select(rare, 5, strategy="k-center", pool=folder / "pool")
    assert len({e.id for e in chosen.examples}) == 5
    for place, n in done.items():
        assert [int(line) for line in (place / "blocks").read_text().split()].count(n) == 1  # no block was written again
