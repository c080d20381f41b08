"""Rows that do not fit go to a file, in order and readable, whatever is in them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tacit.aside import SetAside
from tacit.errors import FileError
from tacit.files import Batch, Unreadable


def test_rows_are_written_in_order_with_all_their_reasons(tmp_path: Path) -> None:
    batch = Batch({"a": ["x", "y"], "b": [b"123", None]}, [1, 3], [Unreadable(2, "is not JSON", "{{")])
    with SetAside(tmp_path / "new" / "x.csv") as aside:
        aside.put(batch, {1: ["b is missing", "label is 7"], 0: ["b is no image"]})
    with aside.path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["row", "problem", "content"],
        ["1", "b is no image", '{"a": "x", "b": "<3 bytes>"}'],
        ["2", "is not JSON", "{{"],
        ["3", "b is missing; label is 7", '{"a": "y", "b": null}'],
    ]
    assert aside.count == 3
    assert aside.first == ["row 1 b is no image", "row 2 is not JSON", "row 3 b is missing; label is 7"]


def test_there_is_no_file_while_all_fit_and_the_last_one_stays(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("of the last time")
    with SetAside(path) as aside:
        aside.put(Batch({"a": [1]}, [1]), {})
    assert path.read_text() == "of the last time"
    assert [p.name for p in tmp_path.iterdir()] == ["x.csv"]


def test_other_rows_go_to_another_file_and_the_same_rows_to_the_same(tmp_path: Path) -> None:
    def put_aside(value: int) -> str:
        with SetAside(tmp_path / "x.csv") as aside:
            aside.put(Batch({"a": [value]}, [1]), {0: ["a is bad"]})
        return aside.path.name

    assert [put_aside(n) for n in (1, 2, 1, 3, 2)] == ["x.csv", "x-2.csv", "x.csv", "x-3.csv", "x-2.csv"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x-2.csv", "x-3.csv", "x.csv"]


def test_what_was_set_aside_is_there_also_when_reading_breaks_off(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("of the last time")

    def breaks_off() -> None:
        with SetAside(path) as aside:
            aside.put(Batch({"a": [1]}, [1]), {0: ["a is bad"]})
            raise KeyError

    with pytest.raises(KeyError):
        breaks_off()
    assert path.read_text() == "of the last time"
    assert "a is bad" in (tmp_path / "x-2.csv").read_text()


def test_five_problems_are_kept_and_long_texts_cut(tmp_path: Path) -> None:
    with SetAside(tmp_path / "x.csv") as aside:
        aside.put(Batch({"a": ["x" * 1_000_000] * 9}, range(1, 10)), {i: ["a is long"] for i in range(9)})
    assert (aside.count, len(aside.first)) == (9, 5)
    assert aside.path.stat().st_size < 9 * 11_000


def test_text_that_is_not_unicode_can_be_written(tmp_path: Path) -> None:
    with SetAside(tmp_path / "x.csv") as aside:
        aside.put(Batch({"a": ["half \ud83d, é"]}, [1]), {0: ["a holds half of a surrogate pair"]})
    with aside.path.open(newline="", encoding="utf-8") as file:
        content = list(csv.reader(file))[1][2]
    assert json.loads(content) == {"a": "half \ud83d, é"}


def test_a_place_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with SetAside(tmp_path / "file" / "x.csv") as aside, pytest.raises(FileError, match=r"cannot be set aside.*next: df -h"):
        aside.put(Batch({"a": [1]}, [1]), {0: ["a is bad"]})
