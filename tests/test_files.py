"""Rows from every kind of file and frame, and files that are damaged."""

from __future__ import annotations

import dataclasses
import datetime as dt
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pydantic
import pytest

from tacit.errors import ColumnError, FileError, OptionError
from tacit.files import PLAIN, Batch, read
from tacit.files.batches import AT_ONCE
from tacit.files.written import write


def columns(rows: Any, only: list[str] | None = None) -> dict[str, list[Any]]:
    """All of the rows, as columns."""
    found: dict[str, list[Any]] = {}
    for batch in read(rows).batches(only):
        for name, values in batch.columns.items():
            found.setdefault(name, []).extend(values)
    return found


def unreadable(rows: Any) -> list[tuple[int, str]]:
    return [(u.number, u.reason) for batch in read(rows).batches(None) for u in batch.unreadable]


def numbers(rows: Any) -> list[int]:
    return [n for batch in read(rows).batches(None) for n in batch.numbers]


@pytest.fixture
def csv(tmp_path: Path) -> Any:
    def write(content: str | bytes, name: str = "reviews.csv") -> Path:
        path = tmp_path / name
        data = content if isinstance(content, bytes) else content.encode()
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return write


class TestDelimited:
    def test_every_cell_is_text_or_none(self, csv: Any) -> None:
        assert columns(csv('a,b,c\n1,NA,true\n"",nan,"x, ""y"""\n')) == {
            "a": ["1", None],
            "b": ["NA", "nan"],
            "c": ["true", 'x, "y"'],
        }

    def test_a_str_and_a_path_are_the_same(self, csv: Any) -> None:
        path = csv("a\n1\n")
        assert columns(path) == columns(str(path)) == {"a": ["1"]}

    @pytest.mark.parametrize("name", ["x.tsv", "x.tsv.gz"])
    def test_tabs_separate_where_the_name_says_so(self, csv: Any, name: str) -> None:
        assert columns(csv("a\tb\n1,5\t2\n", name)) == {"a": ["1,5"], "b": ["2"]}

    def test_gzip_byte_order_mark_crlf_and_line_breaks_in_quotes(self, csv: Any) -> None:
        path = csv(b'\xef\xbb\xbfa,b\r\n"one\r\ntwo",\xc3\xa9\r\n', "x.CSV.gz")
        assert columns(path) == {"a": ["one\r\ntwo"], "b": ["é"]}
        assert read(path).stem == "x"

    def test_only_the_columns_asked_for_are_read(self, csv: Any) -> None:
        assert columns(csv("a,b,c\n1,2,3\n"), ["c", "a"]) == {"a": ["1"], "c": ["3"]}

    def test_rows_with_too_few_or_many_fields_are_set_aside_with_their_numbers(self, csv: Any) -> None:
        path = csv("a,b\n1,2\n3\n\n4,5,6\n7,8\n9\n")
        assert columns(path) == {"a": ["1", "7"], "b": ["2", "8"]}
        assert numbers(path) == [1, 4]
        assert unreadable(path) == [
            (2, "has 1 fields where the header has 2"),
            (3, "has 3 fields where the header has 2"),
            (5, "has 1 fields where the header has 2"),
        ]

    def test_a_quote_that_swallows_the_rows_behind_it_is_told(self, csv: Any) -> None:
        path = csv('a,b\n1,2\n"x,2\n3,4\n5,6\n')
        assert columns(path) == {"a": ["1"], "b": ["2"]}
        ((number, reason),) = unreadable(path)
        assert number == 2
        assert reason.endswith("it goes over 3 lines, so perhaps a quote is not closed")

    def test_numbers_stay_right_over_many_batches(self, csv: Any) -> None:
        n = 3 * AT_ONCE
        path = csv("a,b\n" + "".join(f"{i},{i}\n" if i % 1000 else f"{i}\n" for i in range(1, n + 1)))
        good = [i for i in range(1, n + 1) if i % 1000]
        assert numbers(path) == good
        assert columns(path)["a"] == list(map(str, good))
        assert [i for i, _ in unreadable(path)] == [i for i in range(1, n + 1) if not i % 1000]
        assert max(len(batch.numbers) for batch in read(path).batches(None)) <= AT_ONCE

    def test_a_text_of_10_megabytes_is_read(self, csv: Any) -> None:
        path = csv("a,b\n1," + "x" * 10_000_000 + "\n2,y\n")
        assert [len(b) for b in columns(path)["b"]] == [10_000_000, 1]

    def test_a_row_larger_than_a_block_is_an_error_before_anything_is_read(self, csv: Any) -> None:
        with pytest.raises(FileError, match=r"line 3 of reviews\.csv is longer than 16 MiB"):
            read(csv("a,b\n1,2\n1," + "x" * 17_000_000 + "\n2,y\n"))

    def test_a_quote_that_is_never_closed_over_many_lines_is_an_error(self, csv: Any) -> None:
        path = csv('a,b\n1,2\n1,"x' + ("x" * 1000 + "\n") * 40_000)
        with pytest.raises(FileError, match="a quote is not closed"):
            columns(path)

    def test_latin_1_says_where_and_how_to_convert(self, csv: Any) -> None:
        with pytest.raises(FileError) as error:
            read(csv("review\nfine\ncaf\xe9\n".encode("latin-1")))
        assert "line 3 holds the byte 0xE9, which in Latin-1 is 'é'" in str(error.value)
        assert "iconv -f latin1 -t utf-8" in error.value.next
        assert error.value.next.endswith("reviews-utf8.csv")

    def test_utf_16_is_recognized(self, csv: Any) -> None:
        with pytest.raises(FileError, match=r"starts like UTF-16.*iconv -f UTF-16"):
            read(csv("a,b\n1,2\n".encode("utf-16")))

    def test_a_gzip_file_that_is_cut_off_is_an_error(self, csv: Any, tmp_path: Path) -> None:
        path = csv("a,b\n" + "".join(f"{i},{i * 7919 % 1000}\n" for i in range(20000)), "x.csv.gz")
        path.write_bytes(path.read_bytes()[:-2000])
        with pytest.raises(FileError, match=r"cut off or damaged.*gzip --test"):
            read(path)

    @pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
    def test_an_empty_file_is_an_error(self, csv: Any, content: bytes) -> None:
        with pytest.raises(FileError, match=r"reviews\.csv is empty"):
            read(csv(content))

    @pytest.mark.parametrize("content", ["a,b", "a,b\n", "a,b\n\n\n"])
    def test_a_header_alone_is_an_error(self, csv: Any, content: str) -> None:
        with pytest.raises(FileError, match="a header but no rows"):
            columns(csv(content))

    def test_two_columns_of_one_name_are_an_error(self, csv: Any) -> None:
        with pytest.raises(ColumnError, match='two columns named "a"'):
            read(csv("a,b,a\n1,2,3\n"))


class TestPaths:
    def test_a_missing_file_suggests_its_neighbor(self, csv: Any, tmp_path: Path) -> None:
        csv("a\n1\n")
        with pytest.raises(FileError, match=r"did you mean reviews\.csv\?"):
            read(tmp_path / "review.csv")

    @pytest.mark.parametrize("text", ["I want my money back", "x" * 100_000, "a\0b", ""])
    def test_a_text_in_place_of_a_list_is_an_error(self, text: str, folder: Path) -> None:
        if text:
            with pytest.raises(FileError, match=r"next: pass a path, or \[text\]"):
                read(text)
        else:  # the empty path is the current folder
            with pytest.raises(FileError, match="has no images"):
                read(text)

    @pytest.mark.parametrize(("name", "next"), [("x.xlsx", "convert it to x.csv"), ("x.json", "jq -c")])
    def test_an_unknown_ending_is_an_error(self, csv: Any, name: str, next: str) -> None:
        with pytest.raises(FileError, match="kind that is not read") as error:
            read(csv("{}", name))
        assert error.value.next.startswith(next)


class TestJsonLines:
    def test_columns_are_all_keys_and_gaps_are_none(self, csv: Any) -> None:
        assert columns(csv('{"a": 1}\n\n{"b": [1, 2], "a": NaN}\n', "x.jsonl"))["b"] == [None, [1, 2]]

    def test_bad_lines_are_set_aside_by_line(self, csv: Any) -> None:
        path = csv('{"a": 1}\n{"a": \n\n[1]\n{"a": 2}\n' + "[" * 100_000 + "\n", "x.ndjson")
        assert columns(path) == {"a": [1, 2]}
        assert numbers(path) == [1, 5]
        assert [(n, reason.split(" (")[0]) for n, reason in unreadable(path)] == [
            (2, "is not JSON"),
            (4, "is JSON, but no object with the columns by name"),
            (6, "is not JSON"),
        ]

    def test_latin_1_is_an_error(self, csv: Any) -> None:
        with pytest.raises(FileError, match="line 1 holds the byte 0xE9"):
            read(csv('{"a": "caf\xe9"}'.encode("latin-1"), "x.jsonl"))

    def test_gzip_is_unpacked(self, csv: Any) -> None:
        assert columns(csv('{"a": "é"}\n', "x.jsonl.gz")) == {"a": ["é"]}


class TestParquet:
    def test_is_read_in_batches_of_the_columns_asked_for(self, tmp_path: Path) -> None:
        n = 2 * AT_ONCE + 5
        pq.write_table(pa.table({"a": range(n), "b": ["x"] * n}), tmp_path / "x.parquet")
        assert columns(tmp_path / "x.parquet", ["a"]) == {"a": list(range(n))}
        assert numbers(tmp_path / "x.parquet") == list(range(1, n + 1))

    def test_large_rows_come_in_small_batches(self, tmp_path: Path) -> None:
        images = [np.random.default_rng(i).bytes(400_000) for i in range(300)]
        pq.write_table(pa.table({"image": images}), tmp_path / "x.parquet")
        batches = list(read(tmp_path / "x.parquet").batches(None))
        assert max(len(batch.numbers) for batch in batches) <= 90
        assert [image for batch in batches for image in batch.columns["image"]] == images

    @pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
    def test_a_file_that_is_cut_off_is_an_error(self, tmp_path: Path, share: float) -> None:
        path = tmp_path / "x.parquet"
        pq.write_table(pa.table({"a": list(range(10000))}), path)
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
        with pytest.raises(FileError, match="cut off, damaged or no Parquet file"):
            read(path)

    def test_damage_inside_is_an_error_that_says_how_far_it_came(self, tmp_path: Path) -> None:
        path = tmp_path / "x.parquet"
        pq.write_table(pa.table({"a": [f"{i * 7919 % 1000003}" for i in range(50000)]}), path, row_group_size=10000)
        data = bytearray(path.read_bytes())
        data[len(data) // 2 : len(data) // 2 + 20000] = b"\xff" * 20000
        path.write_bytes(data)
        with pytest.raises(FileError, match=r"damaged .* behind row"):
            columns(path)

    def test_no_rows_are_an_error(self, tmp_path: Path) -> None:
        pq.write_table(pa.table({"a": pa.array([], pa.string())}), tmp_path / "x.parquet")
        with pytest.raises(FileError, match="there are no rows"):
            read(tmp_path / "x.parquet")


class TestImages:
    def test_are_sorted_and_know_their_folder(self, tmp_path: Path) -> None:
        for name in ("dog/2.JPG", "cat/1.png", "cat/notes.txt", "cat/._1.png", "0.webp"):
            (tmp_path / "pets" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "pets" / name).write_bytes(b"")
        found = columns(tmp_path / "pets")
        assert [Path(p).name for p in found["image"]] == ["0.webp", "1.png", "2.JPG"]
        assert found["folder"] == [None, "cat", "dog"]
        assert read(tmp_path / "pets").images

    def test_a_folder_without_images_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(FileError, match="has no images"):
            read(tmp_path)


@dataclasses.dataclass
class Passenger:
    age: float
    name: str


class Point(NamedTuple):
    x: int
    y: int


class Model(pydantic.BaseModel):
    age: float


class TestMemory:
    def test_dicts_records_and_plain_values(self) -> None:
        assert columns([{"a": 1}, {"b": 2, "a": 3}]) == {"a": [1, 3], "b": [None, 2]}
        assert columns([Passenger(3.0, "Ann")]) == {"age": [3.0], "name": ["Ann"]}
        assert columns([Point(1, 2)]) == {"x": [1], "y": [2]}
        assert columns([Model(age=3)]) == {"age": [3.0]}
        assert columns(iter(["x", None, "y"])) == {PLAIN: ["x", None, "y"]}
        assert columns((None, {"a": 1})) == {"a": [1]}

    def test_a_generator_is_never_held_whole(self) -> None:
        made = 0

        def rows() -> Iterator[dict[str, int]]:
            nonlocal made
            for i in range(100_000):
                made += 1
                yield {"a": i}

        batches: Iterator[Batch] = iter(read(rows()).batches(None))
        next(batches)
        next(batches)
        assert made <= 5000
        assert sum(len(batch.numbers) for batch in batches) == 98_000

    def test_rows_of_another_kind_than_the_first_are_set_aside(self) -> None:
        assert unreadable([{"a": 1}, "x", {"a": 2}]) == [(2, 'is "x", a str, where the first rows have columns')]

    def test_no_rows_are_no_batches_with_rows(self) -> None:
        assert columns([]) == {}
        assert numbers(iter(())) == []

    def test_pandas_gives_its_cells_as_they_are(self) -> None:
        image = np.zeros((2, 2, 3), np.uint8)
        frame = pd.DataFrame(
            {"a": [1.5, np.nan], "b": ["x", None], "image": [image, {1, 2}], 7: pd.to_datetime(["2026-01-02"] * 2)}
        )
        found = columns(frame.set_index("a", drop=False), ["a", "image", "7"])
        assert found["a"][0] == 1.5
        assert found["image"] == [image, {1, 2}]
        assert found["7"][0].date().isoformat() == "2026-01-02"
        assert "b" not in found

    def test_a_series_is_plain_values(self) -> None:
        assert columns(pd.Series(["x", "y"])) == {PLAIN: ["x", "y"]}
        assert columns(pl.Series(["x", "y"])) == {PLAIN: ["x", "y"]}
        assert columns(pa.chunked_array([["x"], ["y"]])) == {PLAIN: ["x", "y"]}

    def test_polars_and_arrow_are_read_in_batches(self) -> None:
        n = AT_ONCE + 5
        table = pa.table({"a": range(n), "b": ["x"] * n})
        for rows in (pl.DataFrame(table), table, table.to_reader(), table.combine_chunks().to_batches()[0]):
            batches = list(read(rows).batches(["a"]))
            assert [len(batch.numbers) for batch in batches][-1] <= 5 or len(batches) > 2
            assert [a for batch in batches for a in batch.columns["a"]] == list(range(n))
            assert [i for batch in batches for i in batch.numbers] == list(range(1, n + 1))

    def test_anything_with_an_arrow_stream_is_read(self) -> None:
        class Stream:
            def __arrow_c_stream__(self, requested_schema: object = None) -> object:
                return pa.table({"a": [1, None]}).__arrow_c_stream__(requested_schema)

        assert columns(Stream()) == {"a": [1, None]}

    def test_two_columns_of_one_name_are_an_error(self) -> None:
        with pytest.raises(ColumnError, match="two columns"):
            read(pd.DataFrame([[1, 2]], columns=["a", "a"]))
        with pytest.raises(ColumnError, match="two columns"):
            read(pa.Table.from_arrays([[1], [2]], names=["a", "a"]))

    @pytest.mark.parametrize("rows", [{"a": [1]}, b"abc", 7, None])
    def test_what_is_no_rows_is_an_error(self, rows: Any) -> None:
        with pytest.raises(OptionError, match=r"next: pass a list"):
            read(rows)


def test_the_columns_are_known_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text(json.dumps({"a": 1, "b": 2}))
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    pq.write_table(pa.table({"a": [1], "b": [2]}), tmp_path / "x.parquet")
    for rows in (
        tmp_path / "x.jsonl",
        tmp_path / "x.csv",
        tmp_path / "x.parquet",
        [{"a": 1, "b": 2}],
        pd.DataFrame({"a": [1], "b": [2]}),
    ):
        assert read(rows).columns == ("a", "b")


class TestWritten:
    ROWS: ClassVar[list[dict[str, Any]]] = [{"a": 1, "b": 'x, "y"\nz'}, {"a": 2, "c": dt.date(2024, 2, 29)}]

    @pytest.mark.parametrize(
        ("ending", "a", "c"),
        [
            ("csv", ["1", "2"], "2024-02-29"),
            ("tsv", ["1", "2"], "2024-02-29"),
            ("jsonl", [1, 2], "2024-02-29"),
            ("parquet", [1, 2], dt.date(2024, 2, 29)),
        ],
    )
    def test_what_was_written_is_read_back(self, tmp_path: Path, ending: str, a: list[Any], c: Any) -> None:
        path = tmp_path / f"r.{ending}"
        write(path, self.ROWS)
        assert columns(path) == {"a": a, "b": ['x, "y"\nz', None], "c": [None, c]}

    @pytest.mark.parametrize(
        ("name", "rows", "said"),
        [
            ("r.xlsx", [], "next: r.jsonl"),
            ("no/r.csv", [], "mkdir -p"),
            ("r.jsonl", [{"a": b"x"}], "JSON has no bytes.*next: r.parquet"),
            ("r.parquet", [{"a": 1}, {"a": "x"}], "next: r.jsonl"),
            ("folder.csv", [], "cannot be written"),
        ],
    )
    def test_what_cannot_be_written_is_said(self, tmp_path: Path, name: str, rows: list[Any], said: str) -> None:
        (tmp_path / "folder.csv").mkdir()
        with pytest.raises(FileError, match=said):
            write(tmp_path / name, rows)

    def test_numpy_is_spelled_as_python_does(self, tmp_path: Path) -> None:
        write(tmp_path / "r.jsonl", [{"a": np.float32(0.5), "b": np.arange(2)}])
        assert columns(tmp_path / "r.jsonl") == {"a": [0.5], "b": [[0, 1]]}
