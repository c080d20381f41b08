"""The ledger keeps every finished command, whatever is killed, and the tables are made from it alone."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from against import ledger, tables
from against.works import GROUPS


def row(
    arm: str = "tacit", seed: int = 0, score: float | None = 0.9, budget: float = 30, work: str = "adult", **more: Any
) -> dict[str, Any]:
    said = {"score": score, "seconds": 31.0, "train_s": 29.0, "peak_rss_mb": 500.0, "wall_s": 33.0, "returncode": 0, "why": None}
    return {"work": work, "arm": arm, "seed": seed, "budget": budget, **said, **more}


def test_what_was_appended_is_read_in_order(tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"
    assert ledger.read(file) == []
    for seed in range(3):
        ledger.append(file, row(seed=seed))
    assert [r["seed"] for r in ledger.read(file)] == [0, 1, 2]


def test_half_a_line_left_by_a_kill_is_no_row_and_harms_none(tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"
    ledger.append(file, row(seed=0))
    with open(file, "ab") as out:
        out.write(b'{"work": "adult", "arm": "ta')
    assert len(ledger.read(file)) == 1
    ledger.append(file, row(seed=1))
    assert [r["seed"] for r in ledger.read(file)] == [0, 1]
    assert all(json.loads(line) for line in file.read_text().splitlines())


def test_half_a_line_alone_is_an_empty_ledger(tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"
    file.write_bytes(b'{"half": ')
    assert ledger.read(file) == []
    ledger.append(file, row())
    assert len(ledger.read(file)) == 1


def test_a_line_spoiled_by_hand_is_named(tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"
    ledger.append(file, row())
    file.write_text("not json\n" + file.read_text())
    with pytest.raises(SystemExit, match=r"line 1 of ledger\.jsonl"):
        ledger.read(file)


def test_a_row_that_is_no_row_is_not_written(tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"
    with pytest.raises(KeyError):
        ledger.append(file, {"work": "adult"})
    with pytest.raises(ValueError, match="JSON"):
        ledger.append(file, row(score=math.nan))
    assert ledger.read(file) == []


def test_the_last_finished_run_counts_whatever_the_commit() -> None:
    rows = [row(score=0.8, commit="a"), row(score=0.9, commit="b"), row(score=None, returncode=1, why="killed after 400 s")]
    assert [r["score"] for r in ledger.latest(rows).values()] == [0.9]
    assert ledger.failed(rows) == {}
    assert [len(v) for v in ledger.repeated(rows).values()] == [2]


def test_what_never_finished_is_kept_with_its_reason() -> None:
    rows = [row(score=None, returncode=1, why="no memory"), row(seed=1)]
    assert [r["why"] for r in ledger.failed(rows).values()] == ["no memory"]
    assert "no memory" in tables.tables(rows, [0, 1])


def test_a_summary_has_n_and_the_spread_between_seeds() -> None:
    found = ledger.summary([row(score=0.8), row(seed=1, score=0.9, peak_rss_mb=900.0)])
    assert (found.n, found.peak_mb) == (2, 900.0)
    assert found.mean == pytest.approx(0.85)
    assert found.sd == pytest.approx(0.1 / 2**0.5)
    one = ledger.summary([row()])
    assert one.sd is None
    assert ledger.summary([]) is None


def test_the_lead_is_over_the_best_peer_and_over_seeds_that_both_have() -> None:
    work = GROUPS["records"][0]
    ours, peers = work.arms[0], work.arms[2:]
    rows = [row(seed=s, score=0.9) for s in range(3)]
    rows += [
        row("FLAML", seed=0, score=0.95),
        row("AutoGluon best", seed=1, score=0.93),
        row("AutoGluon best", seed=0, score=0.97),
    ]
    lead = tables.gap(ledger.latest(rows), work, ours, peers, [0, 1, 2])
    assert lead[0] == pytest.approx(-0.05)
    assert lead[2] in (1, 2)
    assert tables.gap(ledger.latest(rows[:3]), work, ours, peers, [0, 1, 2]) is None


def test_the_tables_name_n_and_half_the_time() -> None:
    rows = [row(seed=s, score=0.9 + s / 100, budget=b) for s in range(3) for b in (15, 30)] + [row("FLAML", score=0.9)]
    said = tables.tables(rows, [0, 1, 2])
    assert "| adult | tacit @ 15 s | 0.9100 (sd 0.0100) | 3 |" in said
    assert "+0.0000 to FLAML @ 30 s (n=1)" in said
    assert tables.tables([], [0]) == ""


def test_the_smallest_budget_that_is_no_worse_is_named() -> None:
    work = GROUPS["records"][0]
    rows = [row(score=0.9, budget=15), row(score=0.95, budget=30), row("FLAML", score=0.94), row("AutoGluon best", score=0.96)]
    done = ledger.latest(rows)
    flaml, best = work.arms[4], work.arms[3]
    said = tables.reached(done, work, flaml, [0])
    assert said[1] is not None
    assert said[1].budget == 30
    worse = tables.reached(done, work, best, [0])
    assert worse[1] is None
    assert "| adult | AutoGluon best @ 30 s | 0.9600 | 31.0 | not reached | |" in tables.tables(rows, [0])


def test_rows_measured_beside_other_work_are_named() -> None:
    rows = [row(others_cpu_s=20.0), row(seed=1, others_cpu_s=1.0), row(seed=2, others_cpu_s=None)]
    said = tables.tables(rows, [0, 1, 2])
    assert "- adult, tacit @ 30 s, seed 0: others computed 20 s of 33" in said
    assert "seed 1:" not in said
