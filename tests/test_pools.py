"""A pool that stays where it is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tacit.errors import ColumnError, FileError, OptionError
from tacit.files.pools import Address, PoolFiles, open_pool


def rows(start: int, n: int) -> pa.Table:
    return pa.table({"text": [f"row {i}" for i in range(start, start + n)], "number": list(range(start, start + n))})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files of 25, 0 and 40 rows in row groups of ten, one of them in a folder of its own."""
    (tmp_path / "sub").mkdir()
    for name, start, n in (("a.parquet", 0, 25), ("b.parquet", 25, 0), ("sub/c.parquet", 25, 40)):
        pq.write_table(rows(start, n), tmp_path / name, row_group_size=10)
    (tmp_path / "notes.txt").write_text("no rows")
    return tmp_path


@pytest.fixture
def pool(folder: Path) -> PoolFiles:
    found = open_pool(folder)
    return PoolFiles(found.files, found.columns, at_once=4)


def numbers(batches: Any) -> list[int]:
    return [n for batch in batches for n in batch["number"]]


def test_a_folder_a_file_and_a_pattern_are_pools(folder: Path) -> None:
    assert open_pool(folder).size == 65
    assert open_pool(folder / "a.parquet").size == 25
    assert open_pool(str(folder / "**" / "[ac].parquet")).size == 65
    assert [f.path.name for f in open_pool(folder).files] == ["a.parquet", "c.parquet"]


def test_rows_come_in_order_in_batches_that_are_small(pool: PoolFiles) -> None:
    batches = list(pool.batches(["number"]))
    assert numbers(batches) == list(range(65))
    assert max(len(batch["number"]) for batch in batches) == 4
    assert set(batches[0]) == {"number"}
    assert next(pool.batches())["text"][:2] == ["row 0", "row 1"]


@pytest.mark.parametrize("start", [1, 9, 10, 13, 24, 25, 26, 44, 64, 65])
def test_reading_begins_at_any_row(pool: PoolFiles, start: int) -> None:
    assert numbers(pool.batches(["number"], start=start)) == list(range(start, 65))


def test_single_rows_are_read_in_the_order_in_which_they_are_asked_for(pool: PoolFiles) -> None:
    asked = [64, 3, 25, 24, 3, 11]
    assert pool.read(asked) == {"text": [f"row {i}" for i in asked], "number": asked}
    assert pool.read([], ["text"]) == {"text": []}


def test_single_rows_do_not_need_the_row_groups_of_others(pool: PoolFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    plain = pq.ParquetFile.iter_batches

    def spy(self: Any, *given: Any, row_groups: list[int], **options: Any) -> Any:
        asked.append(row_groups)
        return plain(self, *given, row_groups=row_groups, **options)

    monkeypatch.setattr(pq.ParquetFile, "iter_batches", spy)
    pool.read([21, 24, 55])
    list(pool.batches(["number"], start=50))
    assert asked == [[2], [3], [2, 3]]


def test_an_address_is_a_file_and_a_row_of_it(pool: PoolFiles, folder: Path) -> None:
    found = pool.addresses([0, 24, 25, 64])
    assert found == [
        Address(folder / "a.parquet", 0),
        Address(folder / "a.parquet", 24),
        Address(folder / "sub" / "c.parquet", 0),
        Address(folder / "sub" / "c.parquet", 39),
    ]
    assert pool.numbers(found).tolist() == [0, 24, 25, 64]
    for wrong in (Address(folder / "a.parquet", 25), Address(folder / "d.parquet", 0)):
        with pytest.raises(OptionError, match="is none of the pool"):
            pool.numbers([wrong])
    with pytest.raises(OptionError, match="rows are 0 to 64"):
        pool.addresses([65])


def test_the_fingerprint_is_another_when_a_file_is(folder: Path) -> None:
    before = open_pool(folder).fingerprint
    assert open_pool(folder).fingerprint == before
    pq.write_table(rows(90, 5), folder / "d.parquet")
    more = open_pool(folder).fingerprint
    pq.write_table(rows(91, 5), folder / "d.parquet")
    assert len({before, more, open_pool(folder).fingerprint}) == 3


def test_a_file_that_changed_is_an_error_that_says_so(pool: PoolFiles, folder: Path) -> None:
    pq.write_table(rows(1, 25), folder / "a.parquet", row_group_size=10)
    with pytest.raises(FileError, match=r"a\.parquet has changed since the pool was opened"):
        next(pool.batches())
    with pytest.raises(FileError, match=r"a\.parquet has changed"):
        pool.read([3])
    assert pool.read([30], ["number"]) == {"number": [30]}


def test_a_file_that_changes_between_two_batches_is_noticed_there(pool: PoolFiles, folder: Path) -> None:
    reading = pool.batches(["number"])
    assert next(reading)["number"] == [0, 1, 2, 3]
    pq.write_table(rows(1, 25), folder / "a.parquet", row_group_size=10)
    with pytest.raises(FileError, match=r"a\.parquet has changed"):
        list(reading)


def test_a_change_is_noticed_that_leaves_size_and_time(pool: PoolFiles, folder: Path) -> None:
    path = folder / "a.parquet"
    was = path.stat()
    whole = bytearray(path.read_bytes())
    whole[whole.rindex(b"number")] ^= 1  # in the footer
    path.write_bytes(whole)
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (was.st_size, was.st_mtime_ns)
    with pytest.raises(FileError, match=r"a\.parquet has changed"):
        next(pool.batches())


def test_a_file_that_is_gone_is_an_error(pool: PoolFiles, folder: Path) -> None:
    (folder / "a.parquet").unlink()
    with pytest.raises(FileError, match="cannot be read any more"):
        next(pool.batches())


def test_files_of_other_columns_are_refused(folder: Path) -> None:
    pq.write_table(pa.table({"text": ["x"], "count": [1]}), folder / "d.parquet")
    with pytest.raises(ColumnError, match=r"a\.parquet and d\.parquet have different columns: only one has count, number"):
        open_pool(folder)


def test_an_unknown_column_is_refused_with_the_nearest(pool: PoolFiles) -> None:
    with pytest.raises(OptionError, match=r'columns=\["text"\]'):
        next(pool.batches(["texts"]))
    with pytest.raises(OptionError, match=r'columns=\["number"\]'):
        pool.read([0], ["numbr"])


def test_without_rows_there_is_no_pool(tmp_path: Path) -> None:
    pq.write_table(rows(0, 0), tmp_path / "empty.parquet")
    for where in (tmp_path, tmp_path / "nothing.parquet", tmp_path / "*.parquet"):
        with pytest.raises(FileError, match="there are no rows of Parquet files"):
            open_pool(where)


def test_what_is_no_parquet_is_said(folder: Path) -> None:
    (folder / "a.parquet").write_bytes(b"text,number\n1,2\n")
    with pytest.raises(FileError, match=r"a\.parquet is cut off, damaged or no Parquet file"):
        open_pool(folder)


def test_damage_within_is_an_error_where_it_is_met(pool: PoolFiles, folder: Path) -> None:
    path = folder / "a.parquet"
    was = path.stat()
    whole = bytearray(path.read_bytes())
    whole[4:60] = bytes(np.random.default_rng(0).integers(0, 256, 56, dtype=np.uint8))
    path.write_bytes(whole)
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    with pytest.raises(FileError, match="cut off, damaged"):
        list(pool.batches())
