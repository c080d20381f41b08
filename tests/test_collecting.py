"""Adding rows and labels to a store: what fits comes in once, what does not is set aside with its reason."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import json
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import PIL.Image
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit import Id, Image, Span, Text, task
from tacit.collecting import Added, add_label, add_rows, parsed_label
from tacit.errors import ColumnError, FileError, OptionError, OutsideType, RowsError, StoreUnavailable, UnknownExample
from tacit.freezing import thaw_columns, thaw_inputs
from tacit.store import Store


@task
def sentiment(review: Text) -> Literal["positive", "negative"]:
    """Is this review glad or sad?"""


@task
def pet(photo: Image) -> Literal["cat", "dog"]:
    """Which?"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / ".tacit") as opened:
        yield opened


@pytest.fixture
def aside(tmp_path: Path) -> Path:
    return tmp_path / ".tacit" / "set-aside"


@pytest.fixture
def reviews(tmp_path: Path) -> Path:
    path = tmp_path / "reviews.csv"
    path.write_text("id,text,stars,age\n1,Loved it,pos,30\n2,Broke at once,neg,41\n3,,pos,22\n4,Hm,maybe,27\n5,Fine,,\n")
    return path


def png(width: int, height: int) -> bytes:
    """A PNG with one bit a pixel, all black: its size hardly grows with its pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x01\x00\x00\x00\x00"
    pixels = zlib.compress(bytes((1 + (width + 7) // 8) * height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def inputs(store: Store, asked: Any) -> list[dict[str, Any]]:
    return [i for batch in store.examples(asked.name) for i in thaw_inputs(asked.signature, batch, store)]


class TestAdding:
    def test_only_the_first_slips_of_a_batch_get_a_suggestion(self, store: Store, aside: Path) -> None:
        rows = [{"review": f"r{i}", "label": f"negativ{i}"} for i in range(100)]
        added = add_rows(store, sentiment, [{"review": "r", "label": "negative"}, *rows], label="label", set_aside=aside)
        assert added.set_aside is not None
        assert added.set_aside.read_text().count("did you mean") == 20
        assert added.rejected == 100

    def test_columns_and_labels_are_renamed_and_extras_kept(self, store: Store, aside: Path, reviews: Path) -> None:
        added = add_rows(
            store,
            sentiment,
            reviews,
            label="stars",
            columns={"text": "review"},
            values={"pos": "positive", "neg": "negative"},
            keep=["age", "id"],
            split="test",
            set_aside=aside,
        )
        assert (added.n, added.labels, added.duplicates, added.rejected) == (3, 2, 0, 2)
        (examples,) = store.examples("sentiment")
        assert [e.inputs for e in examples] == [{"review": "Loved it"}, {"review": "Broke at once"}, {"review": "Fine"}]
        assert [e.extra for e in examples] == [{"age": "30", "id": "1"}, {"age": "41", "id": "2"}, {"age": None, "id": "5"}]
        assert {e.split for e in examples} == {"test"}
        assert [(label.value, label.source, label.by) for label in store.labels("sentiment")] == [
            ("positive", "import", ""),
            ("negative", "import", ""),
        ]

    def test_what_does_not_fit_is_told_and_set_aside(self, store: Store, aside: Path, reviews: Path) -> None:
        values = {"pos": "positive", "neg": "negative"}
        added = add_rows(store, sentiment, reviews, label="stars", columns={"text": "review"}, values=values, set_aside=aside)
        assert added.problems[0] == "row 3 review is missing"
        assert added.problems[1] == 'row 4 label is "maybe"; it is "positive" or "negative"'
        assert str(added) == (
            "reviews.csv: 3 new examples, 2 new labels, 0 duplicates\n"
            "reviews.csv: 2 of 5 rows do not fit sentiment(review: Text).  row 3 review is missing; "
            f'row 4 label is "maybe"; it is "positive" or "negative"  next: see {aside / "reviews.csv"}'
        )
        assert added.to_dict()["set_aside"] == str(aside / "reviews.csv")
        with (aside / "reviews.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        assert [row["row"] for row in rows] == ["3", "4"]
        assert rows[0]["problem"] == "review is missing"
        assert json.loads(rows[1]["content"]) == {"text": "Hm", "stars": "maybe"}

    def test_a_file_that_fits_now_sets_nothing_aside_and_what_was_stays(self, store: Store, aside: Path, tmp_path: Path) -> None:
        path = tmp_path / "x.csv"
        path.write_text("review,label\na,positive\nb,negativ\n")
        added = add_rows(store, sentiment, path, label="label", set_aside=aside)
        assert added.problems == ('row 2 label is "negativ"; it is "positive" or "negative"; did you mean "negative"?',)
        path.write_text("review,label\na,positive\nb,negative\n")
        added = add_rows(store, sentiment, path, label="label", set_aside=aside)
        assert (added.n, added.duplicates, added.set_aside) == (1, 1, None)
        assert [p.name for p in aside.iterdir()] == ["x.csv"]

    def test_adding_a_file_twice_adds_nothing(self, store: Store, aside: Path, shared: Path) -> None:
        file = shared / "trec" / "train.parquet"

        def question(text: Text) -> Literal["ABBR", "DESC", "ENTY", "HUM", "LOC", "NUM"]:
            return "ABBR"

        asked = task(question)
        first = add_rows(store, asked, file, label="label", keep=["label_fine"], set_aside=aside)
        again = add_rows(store, asked, file, label="label", keep=["label_fine"], set_aside=aside)
        assert first.n == store.count("question").examples > 5000
        assert (again.n, again.labels, again.duplicates, again.rejected) == (0, 0, first.rows, 0)

    def test_a_text_with_two_labels_is_one_example(self, store: Store, aside: Path) -> None:
        rows = [{"review": "x", "label": "positive"}, {"review": "x", "label": "negative"}, {"review": "x", "label": "positive"}]
        added = add_rows(store, sentiment, rows, label="label", set_aside=aside)
        assert (added.n, added.labels, added.duplicates) == (1, 2, 1)

    def test_plain_values_are_the_only_parameter(self, store: Store, aside: Path) -> None:
        added = add_rows(store, sentiment, (text for text in ["a", "", None, "b", "a"]), set_aside=aside)
        assert (added.n, added.duplicates, added.rejected) == (2, 1, 2)
        assert added.problems == ("row 2 review is empty", "row 3 review is missing")

    def test_no_rows_are_no_error_in_memory(self, store: Store, aside: Path) -> None:
        assert add_rows(store, sentiment, [], label="label", set_aside=aside).n == 0

    def test_nothing_that_fits_is_an_error(self, store: Store, aside: Path) -> None:
        with pytest.raises(RowsError, match=r"none of the 7 rows of rows fits sentiment.*row 5 .*; and 2 more") as error:
            add_rows(store, sentiment, [{"review": " "}] * 7, set_aside=aside)
        assert error.value.next == f"see {aside / 'rows.csv'}"
        assert len((aside / "rows.csv").read_text().splitlines()) == 8

    def test_unreadable_lines_count_as_rows(self, store: Store, aside: Path, tmp_path: Path) -> None:
        path = tmp_path / "x.jsonl"
        path.write_text('{"review": "a"}\n{"review": \n{"review": ""}\n')
        added = add_rows(store, sentiment, path, set_aside=aside)
        assert (added.n, added.rejected, added.rows) == (1, 2, 3)
        assert [p.split(" (")[0] for p in added.problems] == ["row 2 is not JSON", "row 3 review is empty"]

    def test_a_text_of_10_megabytes_is_set_aside(self, store: Store, aside: Path, tmp_path: Path) -> None:
        path = tmp_path / "x.csv"
        path.write_text("review\n" + "word " * 2_000_000 + "\nfine\n")
        added = add_rows(store, sentiment, path, set_aside=aside)
        assert (added.n, added.rejected) == (1, 1)
        assert "10,000,000 characters; at most 1,000,000" in added.problems[0]
        assert (aside / "x.csv").stat().st_size < 20_000

    def test_nothing_of_a_file_that_cannot_be_read_comes_in(self, store: Store, aside: Path, tmp_path: Path) -> None:
        latin = tmp_path / "latin.csv"
        latin.write_bytes(b"review\n" + b"fine\n" * 50_000 + "café\n".encode("latin-1"))
        cut = tmp_path / "cut.parquet"
        pq.write_table(pa.table({"review": [f"text {i}" for i in range(20_000)]}), cut)
        cut.write_bytes(cut.read_bytes()[:-100])
        (tmp_path / "empty.csv").write_text("")
        for path in (latin, cut, tmp_path / "empty.csv", tmp_path / "missing.csv"):
            with pytest.raises(FileError):
                add_rows(store, sentiment, path, set_aside=aside)
        assert store.count("sentiment").examples == 0

    def test_a_full_disk_keeps_the_batches_before(self, store: Store, aside: Path) -> None:
        with store.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 100}")
        with pytest.raises(StoreUnavailable, match="no room left"):
            add_rows(store, sentiment, (f"text {i} " + "x" * 100 for i in range(10_000)), set_aside=aside)
        n = store.count("sentiment").examples
        assert n % 1000 == 0
        assert 0 < n < 10_000

    def test_a_kill_half_way_leaves_whole_batches(self, tmp_path: Path) -> None:
        script = """
import itertools, pathlib, sys
from tacit import Text, task
from tacit.collecting import add_rows
from tacit.progress import watch
from tacit.store import Store
@task
def sentiment(review: Text) -> bool: ""
folder = pathlib.Path(sys.argv[1])
rows = ({"review": f"text {i}", "label": i % 2} for i in itertools.count())
with Store.open(folder) as store, watch(lambda progress: print(progress.done, flush=True)):
    add_rows(store, sentiment, rows, label="label", set_aside=folder)
"""
        process = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        for _ in range(4):
            process.stdout.readline()
        process.kill()
        rest = process.stdout.read().split()
        process.wait()
        process.stdout.close()
        with Store.open(tmp_path) as store:
            counts = store.count("sentiment")
        assert counts.examples == counts.labels["import"]
        assert counts.examples % 1000 == 0
        assert counts.examples >= max([4000, *map(int, rest[:-1])])

    def test_rows_of_every_form_are_the_same_rows(self, store: Store, aside: Path, tmp_path: Path) -> None:
        frame = pd.DataFrame({"review": ["one", "two"], "label": ["positive", None]})
        frame.to_csv(tmp_path / "x.csv", index=False)
        frame.to_csv(tmp_path / "x.tsv.gz", index=False, sep="\t")
        frame.to_json(tmp_path / "x.jsonl", orient="records", lines=True)
        pq.write_table(pa.Table.from_pandas(frame), tmp_path / "x.parquet")
        forms: list[Any] = [tmp_path / name for name in ("x.csv", "x.tsv.gz", "x.jsonl", "x.parquet")]
        forms += [frame, pl.from_pandas(frame), pa.Table.from_pandas(frame), frame.to_dict("records")]
        first = add_rows(store, sentiment, forms[0], label="label", set_aside=aside)
        assert (first.n, first.labels) == (2, 1)
        for form in forms[1:]:
            added = add_rows(store, sentiment, form, label="label", set_aside=aside)
            assert (added.n, added.labels, added.duplicates, added.rejected) == (0, 0, 2, 0)

    def test_missing_values_of_every_kind_are_missing(self, store: Store, aside: Path) -> None:
        def price(beds: float | None, seen: dt.date | None, town: str | None) -> float:
            return 0.0

        nothing = [None, float("nan"), np.nan, pd.NA, pd.NaT, ""]
        frame = pd.DataFrame(
            {
                "beds": pd.Series([*nothing, 2], dtype=object),
                "seen": pd.Series([*nothing, "2026-01-02"], dtype=object),
                "town": pd.Series([*nothing, "Ulm"], dtype=object),
                "cost": pd.Series([*nothing, 5], dtype=object),
                "who": pd.Series([*nothing, "Ann"], dtype=object),
            }
        )
        asked = task(price)
        added = add_rows(store, asked, frame, label="cost", keep=["who"], set_aside=aside)
        assert (added.n, added.labels, added.duplicates, added.rejected) == (2, 1, 5, 0)
        assert inputs(store, asked) == [
            {"beds": None, "seen": None, "town": None},
            {"beds": 2.0, "seen": dt.date(2026, 1, 2), "town": "Ulm"},
        ]
        (examples,) = store.examples("price")
        assert [e.extra for e in examples] == [{}, {"who": "Ann"}]

    def test_labels_as_numbers_gaps_sets_and_spans(self, store: Store, aside: Path, tmp_path: Path) -> None:
        frame = pd.DataFrame({"review": list("abc"), "label": [1.0, 0.0, np.nan]})
        added = add_rows(store, sentiment, frame, label="label", values={"1": "positive", 0: "negative"}, set_aside=aside)
        assert (added.n, added.labels) == (3, 2)
        assert [label.value for label in store.labels("sentiment")] == ["positive", "negative"]

        def topics(text: Text) -> set[Literal["food", "price"]]:
            return set()

        def names(text: Text) -> list[Span[Literal["person", "town"]]]:
            return []

        rows = [{"text": "a", "label": ["essen"]}, {"text": "b", "label": []}, {"text": "c", "label": '["price", "food"]'}]
        add_rows(store, task(topics), rows, label="label", values={"essen": "food"}, set_aside=aside)
        assert [label.value for label in store.labels("topics")] == [["food"], [], ["food", "price"]]
        path = tmp_path / "x.csv"
        path.write_text('text,label\nAnn,"[{""start"": 0, ""end"": 3, ""label"": ""person""}]"\nhi,[]\n')
        add_rows(store, task(names), path, label="label", set_aside=aside)
        assert [label.value for label in store.labels("names")] == [[{"start": 0, "end": 3, "label": "person"}], []]


class TestImages:
    def test_a_folder_of_images_gives_labels(self, store: Store, aside: Path, tmp_path: Path) -> None:
        for i, name in enumerate(["cat/1.png", "dog/2.png", "bird/3.png", "cat/broken.jpg"]):
            (tmp_path / "pets" / name).parent.mkdir(parents=True, exist_ok=True)
            PIL.Image.new("RGB", (8, 8), (i, 0, 0)).save(tmp_path / "pets" / name)
        (tmp_path / "pets" / "cat" / "broken.jpg").write_bytes(b"\xff\xd8\xff broken")
        added = add_rows(store, pet, tmp_path / "pets", label="folder", set_aside=aside)
        assert (added.n, added.labels, added.rejected) == (2, 2, 2)
        assert 'row 1 label is "bird"' in added.problems[0]
        assert "photo is" in added.problems[1]
        stored = [i["photo"] for i in inputs(store, pet)]
        assert stored == [(tmp_path / "pets" / name).read_bytes() for name in ("cat/1.png", "dog/2.png")]

    def test_every_form_of_image_comes_back(self, store: Store, aside: Path, tmp_path: Path) -> None:
        picture = PIL.Image.new("L", (5, 4), 7)
        data = io.BytesIO()
        picture.save(data, "PNG")
        (tmp_path / "x.png").write_bytes(data.getvalue())
        array = np.full((4, 5), 7, np.uint8)
        rows = pd.DataFrame({"photo": [data.getvalue(), array, array[:, :, None], picture, str(tmp_path / "x.png")]})
        added = add_rows(store, pet, rows, set_aside=aside)
        assert (added.n, added.duplicates) == (3, 2)
        (examples,) = store.examples("pet")
        found = thaw_columns(pet.signature, examples, store)["photo"]
        assert found[0] == data.getvalue()
        np.testing.assert_array_equal(found[1], array, strict=True)
        np.testing.assert_array_equal(found[2], array[:, :, None], strict=True)

    def test_an_image_that_would_fill_the_memory_is_set_aside(self, store: Store, aside: Path) -> None:
        bomb = png(10_000, 6_000)
        assert len(bomb) < 20_000
        added = add_rows(store, pet, [{"photo": bomb}, {"photo": png(100, 60)}], set_aside=aside)
        assert (added.n, added.rejected) == (1, 1)
        assert "60 megapixels" in added.problems[0]
        assert "bytes>" in (aside / "rows.csv").read_text()

    def test_many_images_are_stored_piece_by_piece(self, store: Store, aside: Path) -> None:
        photos = [{"photo": np.full((3, 3), i, np.uint8)} for i in range(200)] + [{"photo": None}]
        added = add_rows(store, pet, photos, set_aside=aside)
        assert (added.n, added.rejected, added.rows) == (200, 1, 201)
        assert added.problems == ("row 201 photo is missing",)
        assert [i["photo"][0, 0] for i in inputs(store, pet)] == list(range(200))


class TestErrors:
    def test_columns_that_are_missing(self, store: Store, aside: Path, reviews: Path) -> None:
        with pytest.raises(ColumnError, match=r'no column "review".*id, text, stars, age'):
            add_rows(store, sentiment, reviews, set_aside=aside)
        columns = {"text": "review"}
        with pytest.raises(ColumnError, match=r'no column "star".*did you mean "stars"\?.*--label stars'):
            add_rows(store, sentiment, reviews, columns=columns, label="star", set_aside=aside)
        with pytest.raises(ColumnError, match='no column "town"'):
            add_rows(store, sentiment, reviews, columns=columns, keep=["age", "town"], set_aside=aside)
        with pytest.raises(ColumnError, match="plain values"):
            add_rows(store, sentiment, ["x"], label="label", set_aside=aside)
        assert store.count("sentiment").examples == 0

    def test_options_that_cannot_be_used(self, store: Store, aside: Path) -> None:
        rows = [{"review": "x", "label": "pos"}]
        with pytest.raises(OptionError, match=r'split is "tset".*--split test'):
            add_rows(store, sentiment, rows, split="tset", set_aside=aside)
        with pytest.raises(OptionError, match=r'keep=\["age"\]'):
            add_rows(store, sentiment, rows, keep="age", set_aside=aside)
        with pytest.raises(OptionError, match=r'the label "positiv".*did you mean "positive"\?.*--values pos=positive'):
            add_rows(store, sentiment, rows, label="label", values={"pos": "positiv"}, set_aside=aside)

    def test_a_folder_that_cannot_take_the_set_aside_rows(self, store: Store, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(FileError, match="cannot be set aside"):
            add_rows(store, sentiment, ["", "x"], set_aside=tmp_path / "file")


class TestLabeling:
    @pytest.fixture
    def example(self, store: Store, aside: Path) -> str:
        add_rows(store, sentiment, ["a", "b"], set_aside=aside)
        return next(store.examples("sentiment"))[0].id

    def test_the_start_of_an_id_is_enough(self, store: Store, example: str) -> None:
        said = add_label(store, sentiment, example[:6], "positive", by="ann")
        assert (said.example, said.value, said.source, said.by) == (example, "positive", "human", "ann")
        add_label(store, sentiment, example, "negative", by="ann")
        (label,) = store.labels("sentiment")
        assert (label.value, label.by) == ("negative", "ann")
        assert label.at >= said.at > 1_700_000_000

    def test_a_value_outside_the_type_is_not_stored(self, store: Store, example: str) -> None:
        with pytest.raises(OutsideType) as error:
            add_label(store, sentiment, example, "negatve", by="ann")
        assert error.value.right == 'did you mean "negative"?'
        assert error.value.next == f"tacit label sentiment {example[:8]} negative --by ann"
        for value in (None, "", float("nan"), 7, ["positive"]):
            with pytest.raises(OutsideType):
                add_label(store, sentiment, example, value, by="ann")
        assert store.labels("sentiment") == []

    def test_an_unknown_example_or_nobody_is_an_error(self, store: Store, example: str) -> None:
        with pytest.raises(UnknownExample):
            add_label(store, sentiment, "zz", "positive", by="ann")
        with pytest.raises(OptionError, match="a label has a person"):
            add_label(store, sentiment, example, "positive", by=" ")

    def test_text_is_parsed_by_the_type(self, store: Store, aside: Path) -> None:
        def stars(text: Text) -> int | None:
            return 0

        asked = task(stars)
        add_rows(store, asked, ["a"], set_aside=aside)
        assert add_label(store, asked, "", "4", by="ann").value == 4
        assert parsed_label(asked, 4.0) == 4
        with pytest.raises(OutsideType, match="is missing"):  # to decline is never a label
            parsed_label(asked, None)


@dataclasses.dataclass(frozen=True)
class Visit:
    place: str
    day: dt.date
    cost: float | None
    note: Text | None


@task
def again(guest: Id, visit: Visit, photo: Image | None) -> bool:
    """Will they come again?"""


texts = st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda t: not t.isspace())
costs = st.floats(allow_nan=False, allow_infinity=False)
visits = st.builds(Visit, texts, st.dates(), st.none() | costs, st.none() | texts)
photos = st.none() | st.integers(0, 255).map(lambda v: np.full((2, 3), v, np.uint8)) | st.integers(1, 40).map(lambda n: png(n, 2))


class TestRoundTrip:
    @given(st.lists(texts, min_size=1, max_size=8, unique=True))
    def test_texts_come_back_exactly(self, reviews: list[str]) -> None:
        with tempfile.TemporaryDirectory() as folder, Store.open(folder) as store:
            added = add_rows(store, sentiment, reviews, set_aside=Path(folder))
            assert added.n == len(reviews)
            assert [i["review"] for i in inputs(store, sentiment)] == reviews

    @given(st.lists(st.tuples(st.integers(-(2**63), 2**63 - 1) | texts, visits, photos, st.booleans()), min_size=1, max_size=5))
    def test_records_keys_and_images_come_back_exactly(self, rows: list[Any]) -> None:
        given_rows = [{"guest": guest, "visit": visit, "photo": photo, "label": label} for guest, visit, photo, label in rows]
        with tempfile.TemporaryDirectory() as folder, Store.open(folder) as store:
            added: Added = add_rows(store, again, given_rows, label="label", set_aside=Path(folder))
            assert added.rejected == 0
            found = {(type(i["guest"]), repr(i)): i for i in inputs(store, again)}
            for guest, visit, photo, _ in rows:
                back = found[type(guest), repr({"guest": guest, "visit": visit, "photo": photo})]
                assert back["visit"] == visit
                if isinstance(photo, np.ndarray):
                    np.testing.assert_array_equal(back["photo"], photo, strict=True)
                else:
                    assert back["photo"] == photo
            assert {label.value for label in store.labels("again")} == {label for *_, label in rows}
