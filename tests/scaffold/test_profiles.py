"""What is known of a column after its cells were seen."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pictures

from tacit.errors import FileError
from tacit.files import read
from tacit.scaffold.profiles import Profile, profile
from tacit.types import Unfit


def seen(*cells: Any, folder: Path = Path()) -> Profile:
    made = Profile("x", folder)
    made.see(list(cells))
    return made


@pytest.mark.parametrize(
    ("cells", "kinds"),
    [
        (["1", "-20", "0"], {"int", "float", "text"}),
        (["1.5", "2", "1e3"], {"float", "text"}),
        (["22.0", "23.0"], {"float", "text"}),
        (["007", "123"], {"text"}),
        (["true", "False"], {"bool", "text"}),
        (["yes", "no"], {"text"}),
        (["2026-01-31", "2025-12-01"], {"date", "datetime", "text"}),
        (["2026-01-31T10:00", "2025-12-01"], {"datetime", "text"}),
        (["20260131", "20251201"], {"int", "float", "date", "datetime", "text"}),
        (["31041230", "20251201"], {"int", "float", "text"}),
        ([1, 2], {"int", "float", "text"}),
        ([1.0, 2.5], {"float", "text"}),
        ([True, False], {"bool", "text"}),
        ([True, 1, "a"], {"text"}),
        ([Decimal("1.5")], {"float"}),
        ([dt.date(2026, 1, 1)], {"date", "datetime"}),
        ([dt.datetime(2026, 1, 1, 3)], {"datetime"}),
        ([[1.0, 2.0], [3, 4]], {"vector"}),
        ([[1.0, 2.0], [3]], set()),
        ([["a"]], set()),
        ([{"a": 1}], set()),
        ([2**70, 1], {"float"}),
    ],
)
def test_the_kinds_that_every_cell_fits(cells: list[Any], kinds: set[str]) -> None:
    assert seen(*cells).kinds.keys() == kinds


@given(st.lists(st.one_of(st.none(), st.text(max_size=8), st.integers(-(2**60), 2**60), st.booleans(), st.dates()), max_size=30))
def test_what_is_left_takes_every_cell(cells: list[Any]) -> None:
    found = seen(*cells)
    assert found.rows == len(cells)
    for name, kind in found.kinds.items():
        for cell in cells:
            if cell is None or cell == "":
                continue
            if kind.missing(cell):
                assert name in found.holes
                continue
            try:
                kind.parse(cell)
            except Unfit as error:  # pragma: no cover
                pytest.fail(f"{name} does not take {cell!r}: {error}")


def test_batches_add_up() -> None:
    column = Profile("x", Path())
    for cells in (["a", None, "b"], ["a", ""], ["c"]):
        column.see(cells)
    assert (column.rows, column.gaps, column.present) == (6, 2, 4)
    assert column.counts == {"a": 2, "b": 1, "c": 1}
    assert column.repeated
    assert not column.more


def test_only_a_thousand_values_are_counted_and_long_texts_never() -> None:
    column = seen(*map(str, range(1500)))
    assert len(column.counts) == 1000
    assert column.more
    assert not column.repeated
    assert (column.low, column.high) == (0, 1499)
    long = seen("x" * 300, "y")
    assert long.more
    assert long.counts == {"y": 1}
    assert long.longest == 300


def test_repetitions_of_numbers_that_hash_alike_are_not_confused() -> None:
    assert not seen(-1, -2).repeated
    assert (seen(-1, -2).low, seen(-1, -2).high) == (-2, -1)


def test_gaps_of_numbers_are_told_from_gaps_of_text() -> None:
    column = seen("1", "?", "NA")
    assert column.gaps == 0
    assert {"int", "float"} <= column.holes
    assert "text" not in column.holes
    assert "text" in seen("a", "  ").holes


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    for name in ("a.png", "b.png"):
        Pictures.fromarray(np.zeros((4, 4, 3), np.uint8)).save(tmp_path / name)
    return tmp_path


def test_a_kind_that_no_cell_fits_is_none() -> None:
    assert seen("?", "NA").kinds.keys() == {"text"}
    assert seen(" ").kinds == {}
    assert seen(None, "").kinds == {}


def test_images_are_bytes_or_paths_that_exist(pictures: Path) -> None:
    assert seen((pictures / "a.png").read_bytes()).images
    assert seen({"bytes": (pictures / "a.png").read_bytes(), "path": "x"}).images
    assert not seen(b"no image").images
    relative = seen("a.png", "b.png", folder=pictures)
    assert relative.images
    assert relative.paths == {"a.png": (pictures / "a.png").resolve(), "b.png": (pictures / "b.png").resolve()}
    absolute = seen(str(pictures / "a.png"))
    assert absolute.images
    assert absolute.paths == {}
    assert not seen("missing.png", folder=pictures).images
    assert not seen("a.png", "just text", folder=pictures).images
    assert not seen("../" + pictures.name + "/a.png", folder=pictures).images


def test_a_table_is_seen_whole_with_a_sample(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("a,b\n" + "".join(f"{i},x\n" for i in range(20_000)) + "late,y\n", encoding="utf-8")
    known = profile(read(file), tmp_path)
    assert known.rows == 20_001
    assert "int" not in known.columns[0].kinds
    assert len(known.sample) == 20
    assert known.sample[0] == {"a": "0", "b": "x"}
    assert profile(read(file), tmp_path, most=10).rows == 10


def test_columns_that_start_late_have_gaps(tmp_path: Path) -> None:
    file = tmp_path / "t.jsonl"
    file.write_text('{"a": 1}\n{"a": 2, "b": "x"}\n', encoding="utf-8")
    assert [(p.name, p.gaps) for p in profile(read(file), tmp_path).columns] == [("a", 0), ("b", 1)]


def test_a_file_without_rows_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "t.jsonl"
    file.write_text("no json\n", encoding="utf-8")
    with pytest.raises(FileError, match="no rows"):
        profile(read(file), tmp_path)
