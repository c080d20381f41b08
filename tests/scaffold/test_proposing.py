"""Column -> input, label, kept or left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tacit.files import read
from tacit.scaffold.profiles import Table, profile
from tacit.scaffold.proposing import Proposal, label_kind, likely_labels, propose


def table(n: int = 60, **columns: Any) -> Table:
    """A table whose columns are functions of the row, or lists."""
    rows = [{name: made(i) if callable(made) else made[i % len(made)] for name, made in columns.items()} for i in range(n)]
    return profile(read(rows), Path())


def proposed(cells: Any, name: str = "x", n: int = 60, label: str = "label") -> Proposal:
    return propose(table(n, **{name: cells, "other": [1.5, 2.5], label: ["a", "b"]}), label)[0]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["4", "5", "6"], "int"),
        (["4", "", "6"], "int | None"),
        (["4", "?", "6"], "int | None"),
        (["4.5", "5"], "float"),
        (["no", "yes"], "Literal['no', 'yes']"),
        (["yes", "no", None], "Literal['no', 'yes'] | None"),
        (["0", "1"], "Literal[0, 1]"),
        ([0, 1], "Literal[0, 1]"),
        (["0", "1", "NA"], "int | None"),
        (["true", "false"], "bool"),
        ([True, None, False], "bool | None"),
        (["2026-01-31", "2026-02-28"], "date"),
        (["2026-01-31 10:00:01", None], "datetime | None"),
        (["02139", "94110"], "Literal['02139', '94110']"),
        ([f"a longer sentence about thing number {i}" for i in range(60)], "Text"),
        ([f"town {i}" for i in range(40)], "str"),
        ([f"word{i}" for i in range(30)] * 2, "str"),
        (["a", 7, "b", 8.5], "Literal['7', '8.5', 'a', 'b']"),
        ([*"abcdefghijklmnopqrstuvwxyz", 1, 2, 3, 4, 5], "str"),
        ([[1.0, 2.0], [0.5, 3.0]], "Vector[2]"),
        (['x"]', "y\n'"], "Literal['x\"]', \"y\\n'\"]"),
    ],
)
def test_the_type_of_an_input(cells: list[Any], kind: str) -> None:
    found = proposed(cells)
    assert (found.role, str(found.kind)) == ("input", kind)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ([None, ""], "is empty"),
        (["same"], 'always "same"'),
        (['"""\nimport os'], 'always "\\"\\"\\"\\nimport os"'),
        ([["a", "b"], ["c"]], "lists or records"),
        ([{"a": 1}, {"b": 2}], "lists or records"),
        ([b"\x00\x01", b"\x02"], "neither text, numbers nor images"),
    ],
)
def test_what_teaches_nothing_is_left_out_with_the_reason(cells: list[Any], why: str) -> None:
    found = proposed(cells)
    assert (found.role, found.kind) == ("leave", None)
    assert why in found.why


@pytest.mark.parametrize(
    ("name", "cells", "why"),
    [
        ("x", lambda i: f"key-{i:04}", "another one in every row"),
        ("x", lambda i: i + 100, "another one in every row"),
        ("customerid", lambda i: 7 * i, "another one in every row"),
        ("user_id", lambda i: i % 7, "a key"),
        ("userId", lambda i: f"u{i % 7}", "a key"),
        ("split", ["train", "test"], "how the rows were divided"),
        ("weak_label", ["a", "b"], "another label"),
        ("final_grade_letter", ["A", "B"], "another label"),
    ],
)
def test_what_would_be_learned_by_heart_or_give_the_answer_away_is_kept(name: str, cells: Any, why: str) -> None:
    found = proposed(cells, name, label="grade" if "grade" in name else "label")
    assert found.role == "keep"
    assert why in found.why


@pytest.mark.parametrize(
    ("name", "cells"),
    [("x", lambda i: 7 * i * i), ("paid", ["no", "yes"]), ("x", lambda i: i + 0.5), ("body_mass_index", lambda i: 20 + i % 9)],
)
def test_what_only_looks_like_a_key_is_an_input(name: str, cells: Any) -> None:
    assert proposed(cells, name).role == "input"


def test_few_rows_say_nothing_about_keys() -> None:
    assert proposed(lambda i: f"w{i}", n=2).role == "input"


def test_keys_are_inputs_where_there_is_nothing_else() -> None:
    names = propose(table(name=lambda i: f"Name{i}", label=["a", "b"]), "label")
    assert [(p.role, str(p.kind)) for p in names] == [("input", "str"), ("label", "Literal['a', 'b']")]
    log = table(user_id=lambda i: i % 7, item_id=lambda i: i % 5, at=lambda i: 1000 + 7 * i, rating=[1, 2, 3, 4, 5])
    assert [(p.role, str(p.kind)) for p in propose(log, "rating")][:3] == [("input", "Id"), ("input", "Id"), ("input", "int")]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["ham", "ham", "spam"], "Literal['ham', 'spam']"),
        (["spam", "ham", "ham", None], "Literal['ham', 'spam']"),
        (["5", "1", "3"], "Literal[1, 3, 5]"),
        (lambda i: i, "int"),
        (lambda i: i / 7, "float"),
        (["1.0", "0.0"], "Literal['1.0', '0.0']"),
        ([1.0, 0.0], "Literal['1', '0']"),
        (["True", "False"], "bool"),
        ([True, False], "bool"),
        (lambda i: f"class {i % 25}", "Literal[" + ", ".join(f"'class {i}'" for i in range(25)) + "]"),
    ],
)
def test_the_type_of_a_label(cells: Any, kind: str) -> None:
    assert str(label_kind(table(75, x=cells).columns[0])[0]) == kind


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (["a"], "nothing to learn"),
        ([None], "is empty"),
        (lambda i: f"text {i}", "different texts"),
        ([["a"], ["b"]], "no categories"),
        (["2026-01-01", "2026-01-02"], "no categories"),
    ],
)
def test_what_can_be_no_label_says_why(cells: Any, why: str) -> None:
    kind, said = label_kind(table(x=cells).columns[0])
    assert kind is None
    assert why in said


def test_likely_labels_come_first() -> None:
    known = table(
        text=lambda i: f"a sentence of some words {i}", y=["no", "yes"], split=["a", "b"], town=["n", "s"], size=lambda i: i / 3
    )
    assert likely_labels(known) == ["y", "size", "town"]
    assert likely_labels(table(a=["x", "y"], b=lambda i: i / 3, c=["u", "v", "w"])) == ["c", "a", "b"]
    assert likely_labels(table(row_id=lambda i: i, text=lambda i: f"t {i}")) == []


def test_a_proposal_is_plain_data() -> None:
    found = proposed(["no", "yes"])
    assert found.to_dict() == {"column": "x", "field": "x", "role": "input", "type": "Literal['no', 'yes']", "why": "2 values"}
    assert found.examples == ('"no"', '"yes"')
