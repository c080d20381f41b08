"""The ledger: appended to, merged, and looked through."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tacit.benchmarking.ledger import Ledger
from tacit.errors import FileError
from tests.benchmarking.runs import record


def ledger(folder: Path, who: str = "me") -> Ledger:
    return Ledger(folder / "bench" / "ledger.jsonl", folder / ".tacit" / who)


def filled(folder: Path, n: int, who: str = "me") -> Ledger:
    book = ledger(folder, who)
    for _ in range(n):
        book.append(record(id=book.number()))
    return book


def test_runs_come_back_in_order_numbered_by_who_wrote_them(tmp_path: Path) -> None:
    records, odd = filled(tmp_path, 3).read()

    assert [r.id.partition("-")[2] for r in records] == ["1", "2", "3"]
    assert len({r.id.partition("-")[0] for r in records}) == 1
    assert odd == []
    assert (tmp_path / "bench" / ".gitattributes").read_text() == "ledger.jsonl merge=union\n"


def test_there_is_no_ledger_before_the_first_run(tmp_path: Path) -> None:
    assert ledger(tmp_path).read() == ([], [])


def test_lines_of_two_people_can_be_merged_in_any_order(tmp_path: Path) -> None:
    filled(tmp_path / "a", 2)
    filled(tmp_path / "b", 2)
    mine, theirs = ((tmp_path / who / "bench" / "ledger.jsonl").read_text().splitlines() for who in "ab")
    merged = ledger(tmp_path)
    merged.file.parent.mkdir(parents=True)
    merged.file.write_text("\n".join([theirs[0], mine[0], mine[1], theirs[1]]) + "\n")

    records, odd = merged.read()

    assert len(records) == 4
    assert odd == []


def test_a_run_that_left_no_line_shows(tmp_path: Path) -> None:
    book = filled(tmp_path, 1)
    book.number()
    book.append(record(id=book.number()))

    _, odd = book.read()

    assert len(odd) == 1
    assert odd[0].startswith("run 2 of ")
    assert odd[0].endswith("left no line: killed, still under way, or taken out")


def test_a_line_that_was_taken_out_shows(tmp_path: Path) -> None:
    book = filled(tmp_path, 3)
    lines = book.file.read_text().splitlines()
    book.file.write_text("\n".join([lines[0], lines[2]]) + "\n")

    _, odd = book.read()

    assert [said.partition(" of ")[0] for said in odd] == ["run 2", "a line before run 3"]


def test_a_line_that_was_changed_shows(tmp_path: Path) -> None:
    book = filled(tmp_path, 3)
    lines = book.file.read_text().splitlines()
    book.file.write_text("\n".join([lines[0], lines[1].replace('"score":0.91', '"score":0.99'), lines[2]]) + "\n")

    records, odd = book.read()

    assert records[1].score == 0.99
    assert len(odd) == 1
    assert odd[0].startswith("a line before run 3 of ")


def test_a_line_that_was_copied_shows(tmp_path: Path) -> None:
    book = filled(tmp_path, 2)
    book.file.write_text(book.file.read_text() + book.file.read_text().splitlines()[0] + "\n")

    assert ["run 1 of" in said and "twice" in said for said in book.read()[1]] == [True]


def test_half_a_line_is_told_and_the_next_run_stands_on_its_own(tmp_path: Path) -> None:
    book = filled(tmp_path, 2)
    whole = book.file.read_text()
    book.file.write_text(whole[:-200])
    book.append(record(id=book.number()))

    records, odd = book.read()

    assert [r.id.partition("-")[2] for r in records] == ["1", "3"]
    assert odd[0] == "line 2 of ledger.jsonl is cut off: the run was killed while it was written"


@pytest.mark.parametrize("line", ["{}", '{"id": 3}', "[1}", "null}", "{" * 3000 + "}"])
def test_a_whole_line_that_is_no_run_is_an_error_with_its_number(tmp_path: Path, line: str) -> None:
    book = filled(tmp_path, 1)
    book.file.write_text(book.file.read_text() + line + "\n")

    with pytest.raises(FileError, match=r"line 2 of .* is no run .*only appended to.*git checkout bench/ledger.jsonl"):
        book.read()


def test_no_number_is_given_twice(tmp_path: Path) -> None:
    book, given = ledger(tmp_path), []

    def take() -> None:
        given.extend(book.number() for _ in range(20))

    several = [threading.Thread(target=take) for _ in range(4)]
    for one in several:
        one.start()
    for one in several:
        one.join()

    assert len(given) == len(set(given)) == 80
    assert {int(id.partition("-")[2]) for id in given} == set(range(1, 81))
