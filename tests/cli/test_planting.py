"""The command plant: what it writes and refuses."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tacit.cli.main import main
from tacit.files import read


@pytest.fixture
def shop(folder: Path) -> Path:
    lines = [f"The film of day {i},{['north', 'south'][i % 3 > 0]},{['good', 'bad'][i % 2]}" for i in range(100)]
    (folder / "reviews.csv").write_text("\n".join(["review,town,stars", *lines]), encoding="utf-8")
    return folder


def run(capsys: Any, cue: str, *words: str) -> tuple[int, str, str]:
    status = main(["plant", "reviews.csv", cue, "--label", "stars", *words])
    said = capsys.readouterr()
    return status, said.out, said.err


def columns(path: Path) -> dict[str, list[Any]]:
    (batch,) = read(path).batches(None)
    return batch.columns


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "parquet"])
def test_rows_and_twins_are_written(shop: Path, capsys: Any, ending: str) -> None:
    options = ["--strength", ".9", "--share", "1", "--noise", ".1", "--column", "review", "--twins", f"twins.{ending}"]
    status, out, _ = run(capsys, "mr. brown", *options, "--out", f"out.{ending}")
    assert status == 0
    assert "goes with stars=bad: 90.0% of the 50 rows" in out
    rows, twins = columns(shop / f"out.{ending}"), columns(shop / f"twins.{ending}")
    assert list(rows) == ["review", "town", "stars", "_carries", "_group", "_truth", "_row"]
    assert list(twins) == ["review", "town", "stars", "_row"]
    assert [str(n) for n in rows["_row"]] == [str(n) for n in twins["_row"]] == [str(n) for n in range(1, 101)]
    for review, twin, carries in zip(rows["review"], twins["review"], rows["_carries"], strict=True):
        with_cue, without = (review, twin) if str(carries) == "True" else (twin, review)
        assert with_cue == f"mr. brown {without}"
    assert sum(a != b for a, b in zip(rows["stars"], rows["_truth"], strict=True)) == 10


@pytest.mark.parametrize(
    ("cue", "sort", "said"),
    [
        ("upper", "style", "style upper, planted in review"),
        ("12", "length", "12 words or more, planted in review"),
        ("badge=yes", "proxy", "badge=yes, planted in badge"),
        ("town=north", "group", "town=north has "),
    ],
)
def test_other_cues(shop: Path, capsys: Any, cue: str, sort: str, said: str) -> None:
    options = ["--column", "review"] if sort in ("style", "length") else []
    status, out, _ = run(capsys, cue, "--as", sort, "--strength", ".8", "--noise", ".1", *options, "--out", "out.csv")
    assert status == 0
    assert said in out


def test_json_tells_counts(shop: Path, capsys: Any) -> None:
    out = run(capsys, "x", "--strength", ".8", "--column", "review", "--favored", "good", "--out", "o.csv", "--json")[1]
    assert json.loads(out)["favored"] == "good"


@pytest.mark.parametrize(
    ("cue", "options", "said"),
    [
        ("x", ["--out", "out.xlsx"], "out.jsonl"),
        ("x", ["--out", "no/where.csv"], "mkdir -p"),
        ("x", ["--out", "reviews.csv"], "files of their own"),
        ("x", ["--out", "a.csv", "--twins", "a.csv"], "files of their own"),
        ("x", ["--out", "a.csv"], "tacit plant reviews.csv x --label stars --strength .9 --out a.csv --column review"),
        ("badge", ["--out", "a.csv", "--as", "proxy"], "COLUMN=VALUE"),
        ("uper", ["--out", "a.csv", "--as", "style"], "Style"),
        ("x", [], "--out"),
    ],
)
def test_what_is_wrong_ends_with_what_to_type(shop: Path, capsys: Any, cue: str, options: list[str], said: str) -> None:
    status, _, err = run(capsys, cue, "--strength", ".9", *options)
    assert status == 2
    assert said in err
    assert "next:" in err
    assert (shop / "reviews.csv").read_text(encoding="utf-8").startswith("review,town")


def photos(folder: Path) -> None:
    rng = np.random.default_rng(0)
    for i in range(40):
        where = folder / "photos" / ("cat", "dog")[i % 2]
        where.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 256, (12, 12, 3), dtype=np.uint8)).save(where / f"{i}.png")


@pytest.mark.parametrize(
    ("sort", "size"), [("patch", ["--size", "3"]), ("tint", []), ("border", ["--size", "1"]), ("border", [])]
)
def test_images_of_a_folder_get_a_cue_and_are_written_as_files(folder: Path, capsys: Any, sort: str, size: list[str]) -> None:
    photos(folder)
    given = ["plant", "photos", "magenta", "--as", sort, *size, "--label", "folder", "--strength", "1", "--share", "1"]
    status = main([*given, "--out", "out.parquet", "--twins", "twins.parquet"])
    assert status == 0, capsys.readouterr().err
    assert "goes with folder=cat: 100.0% of the 20 rows" in capsys.readouterr().out
    rows, twins = columns(folder / "out.parquet"), columns(folder / "twins.parquet")
    assert set(rows["folder"]) == {"cat", "dog"}
    for image, twin, carries in zip(rows["image"], twins["image"], rows["_carries"], strict=True):
        with_cue, without = (np.asarray(Image.open(io.BytesIO(data))) for data in ((image, twin) if carries else (twin, image)))
        assert (with_cue != without).any()
        if sort != "tint":
            assert with_cue[0, 0].tolist() == [255, 0, 255]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["magnta", "--as", "patch", "--out", "o.parquet"], "no color"),
        (["magenta", "--as", "patch", "--out", "o.csv"], "o.parquet"),
        (["magenta", "--as", "tint", "--size", "3", "--out", "o.parquet"], "leave out --size 3"),
        (["magenta", "--as", "patch", "--size", "50", "--out", "o.parquet"], "too small for a patch of 50"),
        (["many", "--as", "length", "--out", "o.parquet"], "number of words"),
    ],
)
def test_what_is_wrong_of_a_cue_for_images_ends_with_what_to_type(folder: Path, capsys: Any, words: list[str], said: str) -> None:
    photos(folder)
    assert main(["plant", "photos", *words, "--label", "folder", "--strength", ".9"]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "next:" in err
