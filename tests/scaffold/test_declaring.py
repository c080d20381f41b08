"""The task file reads as if it had been written by hand."""

from __future__ import annotations

from pathlib import Path

import tacit


def declared(file: Path, label: str) -> str:
    return tacit.new("shop", like=file, label=label, pretend=True).source


def test_several_inputs_become_a_record(customers: Path) -> None:
    assert (
        declared(customers, "outcome")
        == '''"""customers: learned from customers.csv. Its types were read off 120 rows; change what you know better."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from tacit import task


@dataclass
class Row:
    """One row of customers.csv: what is known before the answer is."""

    age: int
    home_town: Literal["east", "north", "south"]  # "Home town"
    since: dt.date
    umsatz_in: float | None  # "Umsatz in €"
    class_: int  # "class"

    # Kept: "customer_id", another one in every row, which a model would learn by heart.
    # Left out: "kind", always "x".


@task
def customers(row: Row) -> Literal["stays", "leaves"]:
    """Which class fits this row?"""  # what people who label are asked


# A labeling function is a rule of thumb: it returns an answer, or None to abstain. A slice is a subset to watch.
#
# @customers.labeling_function
# def rule(row: Row) -> Literal["stays", "leaves"] | None:
#     return "stays" if row.home_town == "east" else None
#
# @customers.slice
# def some(row: Row) -> bool:
#     return row.home_town == "east"
'''
    )


def test_one_input_becomes_the_parameter(folder: Path) -> None:
    file = folder / "sms.csv"
    file.write_text("text,label\n" + "".join(f'"a message, number {i}",{"spam" if i % 4 else "ham"}\n' for i in range(40)))
    assert (
        declared(file, "label")
        == '''"""sms: learned from sms.csv. Its types were read off 40 rows; change what you know better."""

from typing import Literal

from tacit import Text, task


@task
def sms(text: Text) -> Literal["spam", "ham"]:
    """Which class fits this text?"""  # what people who label are asked


# A labeling function is a rule of thumb: it returns an answer, or None to abstain. A slice is a subset to watch.
#
# @sms.labeling_function
# def rule(text: Text) -> Literal["spam", "ham"] | None:
#     return "spam" if len(text) < 40 else None
#
# @sms.slice
# def some(text: Text) -> bool:
#     return len(text) < 40
'''
    )


def test_a_number_is_asked_for_without_a_labeling_function(customers: Path) -> None:
    source = declared(customers, "age")
    assert "def age(row: Row) -> int:" in source
    assert "What is the age of this row?" in source
    assert "labeling_function\n" not in source


def test_many_classes_get_a_name_of_their_own(folder: Path) -> None:
    file = folder / "t.csv"
    file.write_text("text,intent\n" + "".join(f"say {i} again,a class of things {i % 30}\n" for i in range(90)))
    source = declared(file, "intent")
    assert '\nAnswer = Literal[\n    "a class of things 0",' in source
    assert "def intent(text: Text) -> Answer:" in source
    assert "def rule(text: Text) -> Answer | None:" in source


def test_the_commented_rules_run_when_they_are_uncommented(customers: Path) -> None:
    made = tacit.new("shop", like=customers, label="outcome")
    lines = [
        line.removeprefix("# ") if line.startswith(("# @", "# def", "#     ")) else line for line in made.source.splitlines()
    ]
    (made.folder / "tasks" / "customers.py").write_text("\n".join(lines), encoding="utf-8")
    task = tacit.open(made.folder).task("customers")
    row = task.signature.inputs["row"].parse({"age": 30, "home_town": "east", "since": "2026-01-01", "class_": 2})
    assert [rule.function(row) for rule in task.labeling_functions] == ["stays"]
    assert [part.function(row) for part in task.slices] == [True]
