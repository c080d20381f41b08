"""What commands are told, and the examples that are shown."""

from __future__ import annotations

from typing import Any, Literal

from tacit.scaffold.plans import Plan, asked, commands, examples, proposal_table
from tacit.scaffold.proposing import Proposal
from tacit.types import Category, ImageKind, Maybe, Number, TextKind

YES_NO = Category(("no", "yes"), "Literal['no', 'yes']")


def column(
    name: str, kind: Any, role: Literal["input", "label", "keep", "leave"] = "input", field: str | None = None
) -> Proposal:
    return Proposal(name, field or name, role, kind, "", ('"a"',))


def plan(*columns: Proposal, sample: tuple[dict[str, Any], ...] = ()) -> Plan:
    return Plan("shop", "buys", "data/t.csv", "t.csv", (*columns, column("y", YES_NO, "label")), 9, sample)


def test_a_command_names_odd_columns_and_those_that_are_kept() -> None:
    made = plan(column("Home town", TextKind("str"), field="home_town"), column("age", Number()), column("id", None, "keep"))
    assert commands(made) == [
        "tacit add buys data/t.csv --label y --columns 'Home town=home_town' --keep id",
        "tacit train buys --budget 30",
        "tacit predict buys data/example.jsonl",
        "tacit serve",
    ]


def test_what_no_command_line_can_name_is_added_by_a_script() -> None:
    for odd in ("a=b", "a\nb", "", "\x1b[31m"):
        assert plan(column(odd, Number(), field="a")).by_script
    assert not plan(column("it's `$(odd)`", Number(), field="a")).by_script
    assert plan(*(column(f"a {i}", Number(), field=f"a_{i}") for i in range(30))).by_script
    assert plan(column("a", Number()), *(column(f"k{i}", None, "keep") for i in range(30))).by_script
    assert commands(plan(column("a=b", Number(), field="a")))[0] == "python add.py"


def test_the_fullest_and_shortest_row_comes_first() -> None:
    text, age = column("text", TextKind()), column("age", Maybe(Number(whole=True)))
    made = plan(text, age, sample=({"text": "long text", "age": "7"}, {"text": "hm", "age": None}, {"text": "short", "age": "8"}))
    assert [row["text"] for row in examples(made)[0]] == ["short", "long text", "hm"]
    assert examples(made)[0][0] == {"text": "short", "age": 8}


def test_a_single_input_is_asked_on_the_command_line_if_it_fits() -> None:
    one = plan(column("text", TextKind()))
    assert asked(one, [{"text": "it's fine"}]) == ["--input", "text=it's fine"]
    assert asked(one, [{"text": "two\nlines"}]) is None
    assert asked(one, [{"text": "x" * 200}]) is None
    assert asked(one, []) is None
    assert asked(plan(column("a", Number()), column("b", Number())), [{"a": 1, "b": 2}]) is None


def test_bytes_of_images_become_files_that_examples_name() -> None:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG")
    made = plan(
        column("photo", ImageKind()), sample=({"photo": out.getvalue()}, {"photo": {"bytes": out.getvalue(), "path": None}})
    )
    rows, pictures = examples(made)
    assert [row["photo"] for row in rows] == ["data/example_1.png", "data/example_2.png"]
    assert pictures["data/example_1.png"] == out.getvalue()


def test_the_table_shows_each_column_on_plain_lines() -> None:
    shown = proposal_table([column("a\x1b[31m\nb", YES_NO), column("k", None, "leave")])
    assert "\x1b" not in shown
    assert "a\\u001b[31m\\nb" in shown
    assert "left out" in shown
    many = proposal_table([column(f"c{i}", Number()) for i in range(2000)])
    assert "... and 1,960 more columns" in many
    assert len(many.splitlines()) < 60
