"""The verb new, on files of every kind, good and bad."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pictures

import tacit
from tacit.cli import main
from tacit.errors import ColumnError, FileError, OptionError, TacitError, TooFewLabels
from tacit.project import close
from tacit.scaffold import candidates


def table(folder: Path, text: str, name: str = "t.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def typed(made: tacit.Made, *lines: int) -> None:
    """Type some of the lines that came next, in the project's folder."""
    close()
    with contextlib.chdir(made.folder):
        for i in lines:
            assert main(shlex.split(made.next[i])[1:]) == 0, made.next[i]
    close()


def test_a_project_of_its_own_runs_at_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = tacit.new("shop")
    assert made.next[0] == "cd shop"
    assert {"pyproject.toml", "README.md", ".gitignore", "tasks/sentiment.py", "tests/test_sentiment.py"} <= set(made.files)
    assert all((folder / "shop" / file).is_file() for file in made.files)
    done = subprocess.run([sys.executable, "-m", "pytest", "-q"], cwd=made.folder, capture_output=True, text=True, check=False)
    assert "3 passed" in done.stdout, done.stdout
    typed(made, 1, 2, 3, 4)
    said = capsys.readouterr().out
    assert "240 new examples" in said
    assert "release 1 is live" in said
    assert "short" in said
    assert "negative" in said


def test_pretending_shows_everything_and_writes_nothing(customers: Path, folder: Path) -> None:
    made = tacit.new("shop", like=customers, label="outcome", pretend=True)
    assert os.listdir(folder) == ["customers.csv"]
    assert made.pretended
    for part in ("Home town", "class Row:", "data/customers.csv", "nothing was written", "tacit add customers"):
        assert part in str(made)
    written = tacit.new("shop", like=customers, label="outcome")
    assert (written.source, written.files, written.next) == (made.source, made.files, made.next)
    assert "class Row:" not in str(written)
    assert "pretended" in json.dumps(written.to_dict())


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".csv.gz", ".jsonl", ".parquet"])
def test_every_kind_of_file_makes_the_same_task(folder: Path, suffix: str) -> None:
    import pandas as pd

    frame = pd.DataFrame({"size": [i / 7 for i in range(40)], "town": ["n", "s"] * 20, "label": ["a", "b", "b", "b"] * 10})
    file = folder / f"t{suffix}"
    if suffix == ".parquet":
        frame.to_parquet(file)
    elif suffix == ".jsonl":
        frame.to_json(file, orient="records", lines=True)
    else:
        frame.to_csv(file, index=False, sep="\t" if suffix == ".tsv" else ",")
    made = tacit.new("shop", like=file, label="label")
    assert [str(p.kind) for p in made.columns] == ["float", "Literal['n', 's']", "Literal['b', 'a']"]
    assert made.next[1] == f"tacit add shop data/t{suffix} --label label"
    typed(made, 1)


def pictures(folder: Path, n: int = 3) -> Path:
    for kind in ("cat", "dog"):
        (folder / "photos" / kind).mkdir(parents=True)
        for i in range(n):
            Pictures.fromarray(np.full((6, 6, 3), 40 * i, np.uint8)).save(folder / "photos" / kind / f"{i}.png")
    return folder / "photos"


def test_a_folder_of_images_is_copied_and_labeled_by_its_sub_folders(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures(folder)
    (folder / "photos" / "cat" / "broken.png").write_bytes(b"no image")
    (folder / "here").mkdir()
    monkeypatch.chdir(folder / "here")
    made = tacit.new("pets", like="../photos")
    assert [(p.column, p.role, str(p.kind)) for p in made.columns] == [
        ("image", "input", "Image"),
        ("folder", "label", "Literal['cat', 'dog']"),
    ]
    assert "data/photos/dog/2.png" in made.files
    assert made.next[1:4] == (
        "tacit add photos data/photos --label folder",
        "tacit train photos --budget 30",
        "tacit predict photos --input image=data/photos/cat/0.png",
    )
    done = subprocess.run([sys.executable, "-m", "pytest", "-q"], cwd=made.folder, capture_output=True, text=True, check=False)
    assert "3 passed" in done.stdout, done.stdout
    typed(made, 1)


def test_images_too_large_to_copy_stay_where_they_are(folder: Path) -> None:
    photos = pictures(folder)
    for file in photos.rglob("*.png"):
        os.truncate(file, 40_000_000)  # behind the image, and with holes that need no disk
    made = tacit.new("pets", like=photos)
    assert not any(file.startswith("data/photos") for file in made.files)
    assert made.next[1] == f"tacit add photos {photos} --label folder"
    assert "larger than 200 MB" in str(made)


def test_images_that_a_table_names_come_along(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures(folder)
    rows = "".join(f"photos/{kind}/{i}.png,{kind},{i}\n" for kind in ("cat", "dog") for i in range(3))
    (folder / "here").mkdir()
    table(folder, "photo,label,weight\n" + rows)
    monkeypatch.chdir(folder / "here")
    made = tacit.new("pets", like="../t.csv", label="label")
    assert str(made.columns[0].kind) == "Image"
    assert (made.folder / "photos" / "cat" / "1.png").is_file()
    typed(made, 1)


def test_two_rows_are_enough_to_start(folder: Path) -> None:
    made = tacit.new("shop", like=table(folder, "text,label\nhello there my friend,a\nbye,b\n"), label="label")
    assert str(made.columns[0].kind) == "str"
    assert "2 rows show little" in str(made)
    typed(made, 1)


def test_mixed_types_are_text_that_takes_every_cell(folder: Path) -> None:
    cells = [1, 2.5, "three", True, None, "4"] * 10
    rows = "".join(json.dumps({"x": x, "label": "ab"[i % 2]}) + "\n" for i, x in enumerate(cells))
    made = tacit.new("shop", like=table(folder, rows, "t.jsonl"), label="label")
    assert str(made.columns[0].kind) == "Literal['1', '2.5', '4', 'True', 'three'] | None"
    typed(made, 1)


@pytest.mark.parametrize(
    ("text", "label", "error", "parts"),
    [
        ("", "label", FileError, ["t.csv is empty"]),
        ("a,label\n", "label", FileError, ["has a header but no rows"]),
        ("a,a,label\n1,2,x\n", "label", ColumnError, ['two columns named "a"', "a_2"]),
        ("1,1,x\n2,3,y\n", "x", FileError, ["is data, not the names", '"1,1,x"', "at t.csv:1", "c1,c2,c3"]),
        ("5.1,3.5,x\n4.9,3.0,x\n4.7,3.2,y\n", "x", FileError, ["is data, not the names", '"5.1,3.5,x"']),
        ("a,label\n1,x\n2,x\n", "label", TooFewLabels, ['always "x"', "tacit new shop --like", "--label a"]),
        ("a,label\n1,\n2,\n", "label", ColumnError, ["is empty", "--label a"]),
        ("a,label\n1,x\n2,y\n", "lable", ColumnError, ['did you mean "label"?', "--label label"]),
        ("a,label\n1,x\n2,y\n", "zzzz", ColumnError, ['its columns are "a", "label"', "--label label"]),
        ("a,label\n1,x\n2,y\n", None, OptionError, ["which column of t.csv is the label", '"label"', "--label label"]),
        ("label\nx\ny\n", "label", ColumnError, ["no column besides"]),
        ("a,label\n1,x\n1,y\n", "label", ColumnError, ["no column besides", "always 1"]),
        ("a,b\n" + "".join(f"{i},text number {i}\n" for i in range(300)), "b", ColumnError, ["300 different texts", "next:"]),
    ],
)
def test_bad_files_say_what_is_wrong_and_leave_nothing(
    folder: Path, text: str, label: str | None, error: type[TacitError], parts: list[str]
) -> None:
    file = table(folder, text)
    with pytest.raises(error) as caught:
        tacit.new("shop", like=file, label=label)
    for part in parts:
        assert part in str(caught.value)
    assert os.listdir(folder) == ["t.csv"]


def test_other_bad_input_is_refused(folder: Path) -> None:
    with pytest.raises(FileError, match=r"no file .*nothing\.csv"):
        tacit.new("shop", like="nothing.csv", label="a")
    (folder / "empty").mkdir()
    with pytest.raises(FileError, match="has no images"):
        tacit.new("shop", like="empty")
    with pytest.raises(OptionError, match="of no file"):
        tacit.new("shop", label="a b")
    with pytest.raises(OptionError, match="a list"):
        tacit.new("shop", like=["a.csv"])  # type: ignore[arg-type]
    photos = pictures(folder)
    with pytest.raises(ColumnError, match="no categories"):
        tacit.new("shop", like=photos, label="image")
    with pytest.raises(TooFewLabels, match="sub-folder"):
        tacit.new("shop", like=photos / "cat")
    assert not (folder / "shop").exists()


def test_candidates_are_the_likely_labels(customers: Path) -> None:
    assert candidates(customers)[:3] == ["outcome", "class", "Home town"]


SETS = [
    ("bank_marketing/all.csv.gz", "y", "bank", 40_004),
    ("titanic/all.csv.gz", "survived", "survived", 891),
    ("sms_spam/train.parquet", "label", "bank", 4_129),
    ("california_housing/train.csv.gz", "median_house_value", "median_house_value", 16_512),
    ("student_math/all.csv.gz", "class", "bank", 395),
    ("mushroom/all.csv.gz", "class", "bank", 8_124),
]


@pytest.mark.parametrize(("file", "label", "task", "rows"), [s for s in SETS if s[3] < 10_000], ids=lambda v: str(v)[:12])
def test_real_files_make_projects_that_take_all_of_their_rows(
    shared: Path, folder: Path, capsys: pytest.CaptureFixture[str], file: str, label: str, task: str, rows: int
) -> None:
    made = tacit.new("bank", like=shared / file, label=label)
    assert made.task == task
    typed(made, 1)
    said = capsys.readouterr().out
    assert "do not fit" not in said
    new, labels, again = (int(part.split()[0].replace(",", "")) for part in said.split(": ")[1].split(", ") if part[0].isdigit())
    assert new + again >= rows
    assert labels > 0


def test_types_of_real_files_are_what_an_engineer_would_write(shared: Path, folder: Path) -> None:
    def types(file: str, label: str) -> dict[str, str]:
        made = tacit.new("shop", like=shared / file, label=label, pretend=True)
        return {p.field: str(p.kind) for p in made.columns if p.role in ("input", "label")}

    titanic = types("titanic/all.csv.gz", "survived")
    assert "passengerid" not in titanic
    assert titanic["age"] == "float | None"
    assert titanic["embarked"] == "Literal['C', 'Q', 'S'] | None"
    assert (titanic["name"], titanic["ticket"], titanic["survived"]) == ("Text", "str", "Literal[0, 1]")
    assert types("trec/train.parquet", "label").keys() == {"text", "label"}
    assert types("cifar10/train-00000-of-00005.parquet", "label").keys() == {"image", "label"}
    assert types("california_housing/train.csv.gz", "median_house_value")["median_house_value"] == "float"
    assert types("bank_marketing/all.csv.gz", "y")["housing"] == "Literal['no', 'yes']"
    assert types("movielens_100k/ratings.parquet", "rating")["user_id"] == "Id"
