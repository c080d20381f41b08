"""Features of a pool on the disk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tacit.errors import FileError, OptionError
from tacit.featurefiles import FeatureFile, feature_file, kept_features
from tacit.files.pools import open_pool
from tacit.progress import watch

TABLE = np.arange(50 * 3, dtype=np.float32).reshape(50, 3)


def blocks(at_once: int = 8, table: np.ndarray = TABLE) -> Callable[[int], Iterator[np.ndarray]]:
    return lambda start: (table[i : i + at_once] for i in range(start, len(table), at_once))


def never(start: int) -> Iterator[np.ndarray]:
    raise AssertionError("they are there already")


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_they_are_made_once_and_mapped(tmp_path: Path, dtype: str) -> None:
    found = kept_features(tmp_path, 50, 3, blocks(), of="a", dtype=dtype)
    np.testing.assert_array_equal(found, TABLE)
    assert isinstance(found, np.memmap)
    assert found.dtype == dtype
    with pytest.raises(ValueError, match="read-only"):
        found[0] = 1
    np.testing.assert_array_equal(kept_features(tmp_path, 50, 3, never, of="a", dtype=dtype), TABLE)


def test_others_have_another_folder(tmp_path: Path) -> None:
    folders = {
        feature_file(tmp_path, *shape, of=of, dtype=dtype).folder
        for of, shape, dtype in (
            ("a", (50, 3), "float32"),
            ("b", (50, 3), "float32"),
            ("a", (50, 3), "float16"),
            ("a", (3, 50), "float32"),
        )
    }
    assert len(folders) == 4


def test_what_is_missing_is_written_from_where_it_ended(tmp_path: Path) -> None:
    file, asked = feature_file(tmp_path, 50, 3, of="a"), []

    def some(start: int) -> Iterator[np.ndarray]:
        asked.append(start)
        for i, block in enumerate(blocks()(start)):
            if i == 2 and start < 32:
                raise KeyboardInterrupt
            yield block

    for done in (16, 32):
        with pytest.raises(KeyboardInterrupt):
            file.write(some)
        assert file.done == done
        with pytest.raises(FileError, match=f"features of {done} of 50 rows are there"):
            file.mapped()
    file.write(some)
    assert asked == [0, 16, 32]
    np.testing.assert_array_equal(file.mapped(), TABLE)


def test_a_kill_in_the_middle_costs_one_block(tmp_path: Path) -> None:
    code = """if True:
        import sys, time
        from pathlib import Path
        import numpy as np
        from tacit.featurefiles import feature_file
        file = feature_file(Path(sys.argv[1]), 4000, 3, of="a")
        def blocks(start):
            for i in range(start, 4000, 10):
                print(i, flush=True)
                yield np.arange(3 * i, 3 * i + 30, dtype=np.float32).reshape(10, 3)
                time.sleep(0.001)
        file.write(blocks)
    """
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(30):
            process.stdout.readline()
        os.kill(process.pid, signal.SIGKILL)
        last = max([290, *(int(line) for line in process.stdout.read().split())])
    file, asked = feature_file(tmp_path, 4000, 3, of="a"), []
    assert last - 10 <= file.done <= last + 10
    assert file.done < 4000
    whole = np.arange(12_000, dtype=np.float32).reshape(4000, 3)

    def rest(start: int) -> Iterator[np.ndarray]:
        asked.append(start)
        return iter([whole[start:]])

    began = file.done
    file.write(rest)
    assert asked == [began]
    np.testing.assert_array_equal(file.mapped(), whole)


@pytest.mark.parametrize("torn", [b"2", b"24", b"\xff\x00"])
def test_a_line_that_is_cut_off_counts_as_none(tmp_path: Path, torn: bytes) -> None:
    file = feature_file(tmp_path, 50, 3, of="a")
    with pytest.raises(OptionError, match="features of 16 rows were given for 50"):
        file.write(lambda start: iter([TABLE[:8], TABLE[8:16]]))
    with (file.folder / "blocks").open("ab") as journal:
        journal.write(torn)
    assert file.done == 16
    file.write(blocks(5))
    np.testing.assert_array_equal(file.mapped(), TABLE)
    assert file.done == 50


def test_features_that_were_cut_off_are_made_again(tmp_path: Path) -> None:
    kept_features(tmp_path, 50, 3, blocks(), of="a")
    file = feature_file(tmp_path, 50, 3, of="a")
    with (file.folder / "features").open("r+b") as numbers:
        numbers.truncate(20 * 12 + 5)
    assert file.done == 20
    file.write(blocks())
    np.testing.assert_array_equal(file.mapped(), TABLE)


@pytest.mark.parametrize(("dtype", "bad"), [("float32", np.nan), ("float32", np.inf), ("float16", 1e5)])
def test_a_feature_that_cannot_be_kept_is_named(tmp_path: Path, dtype: str, bad: float) -> None:
    table = TABLE.copy()
    table[21, 2] = bad
    file = feature_file(tmp_path, 50, 3, of="a", dtype=dtype)
    with pytest.raises(OptionError, match="row 21 has a feature that is missing, infinite or too large"):
        file.write(blocks(table=table))
    assert file.done == 16


@pytest.mark.parametrize("block", [np.zeros((8, 4)), np.zeros(3), np.zeros((51, 3))])
def test_blocks_that_do_not_fit_are_refused(tmp_path: Path, block: np.ndarray) -> None:
    with pytest.raises(OptionError, match=r"features have the shape \(rows, 3\)"):
        kept_features(tmp_path, 50, 3, lambda start: iter([block]), of="a")


@pytest.mark.parametrize(("size", "width", "dtype"), [(50, 0, "float32"), (0, 3, "float32"), (50, 3, "float64")])
def test_a_file_has_a_size_and_a_dtype(tmp_path: Path, size: int, width: int, dtype: str) -> None:
    with pytest.raises(OptionError, match="float32, float16 or uint8"):
        feature_file(tmp_path, size, width, of="a", dtype=dtype)


def test_a_disk_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "pools").write_text("no folder")
    with pytest.raises(FileError, match="features cannot be written"):
        kept_features(tmp_path, 50, 3, blocks(), of="a")


def test_it_reports_how_far_it_is(tmp_path: Path) -> None:
    told: list[float] = []
    with watch(lambda progress: told.append(progress.done)):
        kept_features(tmp_path, 50, 3, blocks(20), of="a")
    assert told == [20, 40, 50]


def test_a_pool_that_changes_while_its_features_are_made_leaves_no_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "pool.parquet"
    pq.write_table(pa.table({"x": np.arange(20_000)}), path)
    pool = open_pool(path)

    def encode(start: int) -> Iterator[np.ndarray]:
        for batch in pool.batches(["x"], start=start):
            yield np.array(batch["x"], np.float32)[:, None]
            pq.write_table(pa.table({"x": np.arange(1, 20_001)}), path)

    file = feature_file(tmp_path, pool.size, 1, of=pool.fingerprint)
    with pytest.raises(FileError, match="has changed since the pool was opened"):
        file.write(encode)
    assert 0 < file.done < pool.size
    assert isinstance(file, FeatureFile)
    assert feature_file(tmp_path, pool.size, 1, of=open_pool(path).fingerprint).done == 0
