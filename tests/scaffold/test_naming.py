"""Names of files become names that Python takes."""

from __future__ import annotations

import dataclasses
import keyword
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit.scaffold.naming import fields_for, file_name, identifier, task_name, words
from tacit.tasks import RESERVED


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("age", "age"),
        ("PassengerId", "PassengerId"),
        ("Home town", "home_town"),
        ("Größe", "grosse"),
        ("prénom du client", "prenom_du_client"),
        ("class", "class_"),
        ("Text", "Text_"),
        ("2nd floor", "column_2nd_floor"),
        ("", "column_7"),
        ("%&/", "column_7"),
        ("__class__", "class_"),
        ("年齢", "年齢"),
        ('"""); import os #', "import_os"),
        ("a\nb", "a_b"),
        ("ﬁ", "fi"),
        ("x" * 90, "x" * 60),
    ],
)
def test_a_column_keeps_its_name_or_gets_one_that_python_takes(theirs: str, ours: str) -> None:
    assert identifier(theirs, 7) == ours


@given(st.lists(st.text(max_size=80), unique=True, min_size=1, max_size=12))
def test_fields_are_different_identifiers_that_a_dataclass_takes(columns: list[str]) -> None:
    fields = fields_for(columns)
    names = list(fields.values())
    assert len(set(names)) == len(columns)
    for name in names:
        assert name.isidentifier()
        assert not keyword.iskeyword(name)
        assert unicodedata.normalize("NFKC", name) == name
        assert not name.startswith("__")
    dataclasses.make_dataclass("Row", names)


def test_a_name_that_is_taken_gets_a_number_and_good_names_are_never_taken_away() -> None:
    assert fields_for(["a b", "a-b", "a_b"]) == {"a b": "a_b_2", "a-b": "a_b_3", "a_b": "a_b"}


@pytest.mark.parametrize(
    ("label", "file", "project", "expected"),
    [
        ("survived", "titanic", "shop", "survived"),
        ("y", "bank_marketing", "shop", "bank_marketing"),
        ("y", "all", "bank", "bank"),
        ("label", "train-00000-of-00005", "cifar", "cifar"),
        ("Median Value", "x", "shop", "median_value"),
        ("health", "all", "data", "predict_health"),
        ("type", "data", "x", "predict_type"),
        ("class", "train", "data", "predict_class"),
        ("%", "1", "a", "predict_1"),
    ],
)
def test_a_task_is_named_after_its_label_its_file_or_its_project(label: str, file: str, project: str, expected: str) -> None:
    assert task_name(label, file, project, ["age"]) == expected


@given(st.text(), st.text(), st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,20}", fullmatch=True), st.lists(st.text(max_size=5)))
def test_any_names_give_a_task_name_that_tacit_takes(label: str, file: str, project: str, taken: list[str]) -> None:
    from tacit import task

    name = task_name(label, file, project, taken)
    assert name not in RESERVED
    assert name not in taken

    def function(text: str) -> bool: ...  # type: ignore[empty-body]

    assert task(name=name)(function).name == name


def test_words_and_file_names_hold_nothing_that_ends_a_line_or_a_string() -> None:
    assert words('Median """ house\nvalue') == "median house value"
    assert file_name("my data (1).csv.gz") == "my_data_1.csv.gz"
    assert file_name("--rm -rf.csv") == "rm_-rf.csv"
    assert file_name(".csv") == "rows.csv"
    assert file_name("?.csv") == "rows.csv"
