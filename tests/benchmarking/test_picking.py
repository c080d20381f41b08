"""Runs by a name."""

from __future__ import annotations

from pathlib import Path

import pytest

import tacit
from tacit.benchmarking import board
from tacit.benchmarking.ledger import Ledger, ledger_of
from tacit.benchmarking.picking import picked
from tacit.errors import OptionError
from tests.benchmarking.runs import record


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    book = ledger_of(tacit.open(tmp_path))
    for benchmark, arm in (("tone", "old"), ("tone", "new"), ("mood", "all")):
        book.append(record(id=book.number(), benchmark=benchmark, arm=arm))
    return book


def test_an_arm_has_its_benchmark_in_front_which_is_enough_where_there_is_one(ledger: Ledger) -> None:
    assert [r.arm for r in picked("tone/new")[0]] == ["new"]
    assert [r.arm for r in picked("mood")[0]] == ["all"]


def test_another_ledger_is_named_by_its_file(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "theirs.jsonl").write_text(ledger.file.read_text())
    ledger.file.unlink()

    assert [r.arm for r in picked(f"{tmp_path}/theirs.jsonl:tone/old")[0]] == ["old"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("tone", r'"tone" has 2 arms; it is one of tone/new, tone/old.*name tone/new'),
        ("tone/ol", r'no benchmark "tone/ol".*name tone/old'),
        ("nowhere.jsonl:tone", "there is no ledger nowhere.jsonl.*tacit bench run"),
    ],
)
def test_a_name_that_names_nothing_says_what_would(ledger: Ledger, name: str, said: str) -> None:
    with pytest.raises(OptionError, match=said):
        picked(name)


def test_the_board_has_all_runs_or_those_that_are_named(ledger: Ledger) -> None:
    assert list(board().arms) == ["tone/old", "tone/new", "mood/all"]
    assert list(board("mood", "tone/old").arms) == ["mood/all", "tone/old"]
    assert len(board("tone", "tone/old").records) == 2
    with pytest.raises(OptionError, match=r'no benchmark "moot".*name mood'):
        board("moot")
