"""A first line that is data is noticed, and names that only look odd are not."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tacit.errors import FileError
from tacit.files import read
from tacit.scaffold.headers import check_header, is_delimited, looks_doubled
from tacit.scaffold.profiles import profile


def checked(folder: Path, text: str, name: str = "t.csv") -> None:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    check_header(file, profile(read(file), folder))


@pytest.mark.parametrize(
    "text",
    [
        "5.1,3.5,setosa\n4.9,3.0,setosa\n7.0,3.2,other\n",
        "ham,Go until jurong point\nham,Ok lar\nspam,Free entry\nspam,Win\n",
        "2026-01-01,17\n2026-01-02,18\n2026-01-03,19\n",
        "17,a\n18,b\n19,c\n",
    ],
)
def test_a_first_line_of_data_is_shown_with_how_to_name_its_columns(tmp_path: Path, text: str) -> None:
    with pytest.raises(FileError) as caught:
        checked(tmp_path, text)
    assert caught.value.where == "t.csv:1"
    assert text.splitlines()[0].split(",")[0] in caught.value.what
    subprocess.run(caught.value.next, shell=True, check=True, cwd=tmp_path, executable="/bin/bash")
    named = (tmp_path / "t-named.csv").read_text(encoding="utf-8")
    assert named.splitlines()[0].startswith("c1,c2")
    assert named.endswith(text)
    check_header(tmp_path / "t-named.csv", profile(read(tmp_path / "t-named.csv"), tmp_path))


def test_many_columns_and_tabs_get_a_line_that_works_too(tmp_path: Path) -> None:
    line = "\t".join(f"{i}.5" for i in range(30))
    with pytest.raises(FileError) as caught:
        checked(tmp_path, f"{line}\n{line}\n", "t.tsv")
    subprocess.run(caught.value.next, shell=True, check=True, cwd=tmp_path, executable="/bin/bash")
    assert read(tmp_path / "t-named.tsv").columns == tuple(f"c{i}" for i in range(1, 31))


@pytest.mark.parametrize(
    "text",
    [
        "age,town\n17,north\n18,south\n",
        "0,1,2,label\n4.5,3.5,1,a\n4.5,3.5,2,b\n",
        "1,2,3\n4,5,6\n7,8,9\n",
        "country,2019,2020\nFR,1,2\nDE,3,4\n",
        "text,label\nhello there,x\nbye,y\n",
        "n,s\nx,y\nx,y\n",
    ],
)
def test_names_that_are_names_are_left_alone(tmp_path: Path, text: str) -> None:
    checked(tmp_path, text)


def test_numbers_that_come_twice_in_the_first_line_are_no_names(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("1.5,1.5,a\n2,3,b\n", encoding="utf-8")
    assert looks_doubled(file) == ["1.5", "1.5", "a"]
    file.write_text("a,a,b\n2,3,b\n", encoding="utf-8")
    assert looks_doubled(file) is None


def test_only_tables_of_text_have_a_header() -> None:
    assert is_delimited(Path("a.CSV.gz"))
    assert is_delimited(Path("a.tsv"))
    assert not is_delimited(Path("a.parquet"))
