"""The project that comes without a data file."""

from __future__ import annotations

import ast
import csv
import dataclasses
import io
import random
import tomllib

from tacit.project import Settings
from tacit.scaffold.starter import COMMANDS, reviews, starter


def test_reviews_are_different_from_each_other_and_of_both_kinds() -> None:
    made = reviews(300, random.Random(1))
    assert len({text for text, _ in made}) == 300
    assert 100 < sum(label == "positive" for _, label in made) < 200
    assert reviews(300, random.Random(1)) == made


def test_the_files_parse_and_the_rows_to_measure_on_are_fresh() -> None:
    files = starter("shop")
    ast.parse(files["tasks/sentiment.py"])
    ast.parse(files["tests/test_sentiment.py"])
    tables = {name: list(csv.DictReader(io.StringIO(files[f"data/{name}.csv"]))) for name in ("reviews", "fresh")}
    assert {name: len(rows) for name, rows in tables.items()} == {"reviews": 240, "fresh": 60}
    assert not {row["review"] for row in tables["reviews"]} & {row["review"] for row in tables["fresh"]}
    assert all(command in files["README.md"] for command in COMMANDS)
    assert files["README.md"].startswith("# shop\n")
    assert ".tacit/" in files[".gitignore"].splitlines()


def test_every_setting_is_in_the_table_with_its_default() -> None:
    text = starter("shop")["pyproject.toml"]
    assert tomllib.loads(text)["tool"]["tacit"] == {}
    for setting in dataclasses.fields(Settings):
        assert f"# {setting.name} = " in text
    table = tomllib.loads(text.replace("# durability", "durability"))["tool"]["tacit"]
    assert table == {"durability": Settings().durability}
