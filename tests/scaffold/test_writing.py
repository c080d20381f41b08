"""The files of a project parse, import, and declare what the data has, whatever the data is called."""

from __future__ import annotations

import ast
import contextlib
import json
import os
import shlex
import subprocess
import sys
import tempfile
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

import tacit
from tacit.project import Project, Settings, close
from tacit.scaffold import Made
from tacit.types import Category, Record

HOSTILE = [
    '"""', "'''", "'", '"', "\\", "\\'", "]", "])", "\n", "a\nimport os\nos.abort()", "\r", "\u2028", "\x00", "\x1b[31m", "`", "$(id)",
    "${x}", "$task", "{x}", "%s", "#", "__import__('os').abort()", "__class__", "__init__", "self", "row", "Row", "task", "Literal",
    "dt", "None", "True", "class", "lambda", "a=b", "=", "--label", "-x", "", " ", "\t", "ﬁ", "Größe", "年", "a|b", "<b>", "a b", "a_b",
]  # fmt: skip

names = st.one_of(st.text(max_size=12), st.sampled_from(HOSTILE))
scalars = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(HOSTILE),
    st.booleans(),
    st.integers(-(2**62), 2**62),
    st.floats(-1e12, 1e12),
)
columns_of_cells = st.one_of(
    st.sampled_from(
        [["a", "b"], [1, 2, 3], [0, 1], ["yes", "no", None], [1.5, None], ["2026-01-01"], [True, False], ["0", "1", "?"]]
    ),
    st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=4),
    st.lists(scalars, min_size=1, max_size=8),
    st.lists(st.lists(st.floats(0, 1), min_size=2, max_size=2), min_size=1, max_size=3),
)


@contextlib.contextmanager
def empty_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as made, contextlib.chdir(made):
        yield Path(made)


def python_of(made: Made) -> list[str]:
    return [file for file in made.files if file.endswith(".py")]


def check(made: Made) -> Any:
    """The files parse without a comment or a string that holds code; the task is declared with the columns of the proposal."""
    for name in python_of(made):
        with tokenize.open(made.folder / name) as file:
            source = file.read()
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Name | ast.Attribute):
                assert (node.id if isinstance(node, ast.Name) else node.attr) not in ("os", "__import__", "abort")
    tasks = Project(made.folder, Settings()).tasks
    assert list(tasks) == [made.task]
    task = tasks[made.task]
    inputs = {p.field: str(p.kind) for p in made.columns if p.role == "input"}
    assert {name: str(kind) for name, kind in task.signature.columns.items()} == inputs
    (label,) = (p for p in made.columns if p.role == "label")
    assert str(task.signature.output) == str(label.kind)
    return task


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(names, columns_of_cells, min_size=1, max_size=6), names, st.lists(scalars, min_size=2, max_size=6))
def test_any_names_and_values_give_files_that_parse_import_and_match_the_data(
    table: dict[str, list[Any]], label: str, answers: list[Any]
) -> None:
    table = {**table, label: answers}
    rows = [{name: cells[i % len(cells)] for name, cells in table.items()} for i in range(30)]
    with empty_folder() as folder:
        (folder / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        try:
            made = tacit.new("shop", like="t.jsonl", label=label)
        except tacit.TacitError:
            event("refused")
            assert os.listdir() == ["t.jsonl"]
        else:
            event("made")
            check(made)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(names, columns_of_cells, min_size=1, max_size=5))
def test_what_is_told_to_type_takes_every_row(table: dict[str, list[Any]]) -> None:
    rows = [{**{name: cells[i % len(cells)] for name, cells in table.items()}, "label": "ab"[i % 2]} for i in range(30)]
    with empty_folder() as folder:
        (folder / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        try:
            made = tacit.new("shop", like="t.jsonl", label="label")
        except tacit.TacitError:
            return
        with contextlib.chdir(made.folder), contextlib.redirect_stdout(None):
            close()
            run(made.next[1], made.folder)
            added = tacit.add(made.task, Path("data/t.jsonl"), label="label", columns=renamed(made))
            assert added.rejected == 0
            assert (added.n, added.labels) == (0, 0), "the command has added them already"
            close()


def renamed(made: Made) -> dict[str, str]:
    return {p.column: p.field for p in made.columns if p.role == "input" and p.column != p.field}


def run(command: str, folder: Path) -> None:
    """A line that was told to type, in this process where it is one of tacit's."""
    from tacit.cli import main

    words = shlex.split(command)
    if words[0] == "tacit":
        assert main(words[1:]) == 0, command
    else:
        assert words == ["python", "add.py"]
        exec(compile((folder / "add.py").read_text(encoding="utf-8"), "add.py", "exec"), {})


def test_the_generated_test_passes(customers: Path) -> None:
    made = tacit.new("shop", like=customers, label="outcome")
    done = subprocess.run([sys.executable, "-m", "pytest", "-q"], cwd=made.folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout
    assert not (made.folder / ".tacit").exists()


def test_the_generated_test_fails_when_the_types_no_longer_fit(customers: Path) -> None:
    made = tacit.new("shop", like=customers, label="outcome")
    file = made.folder / "tasks" / "customers.py"
    file.write_text(file.read_text(encoding="utf-8").replace("since: dt.date", "since: int"), encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "pytest", "-q"], cwd=made.folder, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "not a number" in done.stdout


def test_the_readme_tells_the_commands_and_what_became_of_the_columns(customers: Path) -> None:
    made = tacit.new("shop", like=customers, label="outcome")
    readme = (made.folder / "README.md").read_text(encoding="utf-8")
    for line in made.next[1:]:
        assert f"\n{line}\n" in readme
    assert "customer_id" in readme
    assert "--columns 'Home town=home_town'" in readme


def test_hostile_names_stay_text_in_the_readme(folder: Path) -> None:
    rows = [{"```\n# x": f"w{i}", "<script>": i / 3, "label": i % 2} for i in range(30)]
    (folder / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    made = tacit.new("shop", like="t.jsonl", label="label")
    lines = (made.folder / "README.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "```" in line and not line.startswith("    ")] == ["```sh", "```"]
    assert all(line.startswith("    ") or "tacit add" in line for line in lines if "<script>" in line)
    assert made.next[1] == "python add.py"
    assert (made.folder / "add.py").is_file()


def test_examples_to_ask_about_have_the_names_of_the_task(customers: Path) -> None:
    made = tacit.new("shop", like=customers, label="outcome")
    rows = [json.loads(line) for line in (made.folder / "data" / "example.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 3
    task = check(made)
    record = task.signature.inputs["row"]
    assert isinstance(record, Record)
    for row in rows:
        assert row.keys() == dict(record.fields).keys()
        record.parse(row)


def test_two_thousand_columns_are_a_record_of_two_thousand_fields(folder: Path) -> None:
    head = ",".join([f"gene {i}" for i in range(1000)] + [f"g{i}" for i in range(1000)] + ["label"])
    lines = [",".join([str((i * j) % 2003 + 0.5) for j in range(1, 2001)] + ["sick" if i % 2 else "well"]) for i in range(60)]
    (folder / "wide.csv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    made = tacit.new("shop", like="wide.csv", label="label")
    assert len(check(made).signature.columns) == 2000
    assert "... and 1,961 more columns" in str(made)
    assert made.next[1] == "python add.py"
    with contextlib.chdir(made.folder):
        close()
        run(made.next[1], made.folder)
        close()


def test_a_long_type_of_the_only_input_has_a_name_and_stays_out_of_comments(folder: Path) -> None:
    towns = [f"town number {i}\nimport os" for i in range(10)]
    rows = [{"town": towns[i % 10], "label": f"{i % 12} is a class of which there are many"} for i in range(60)]
    (folder / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    made = tacit.new("shop", like="t.jsonl", label="label")
    check(made)
    assert "def shop(town: Given) -> Answer:" in made.source


def test_a_label_of_two_classes_of_hostile_text_comes_back_as_it_was(folder: Path) -> None:
    values = ['"""\n]', "\\'"]
    rows = [{"size": i / 7, "label": values[i % 2]} for i in range(30)]
    (folder / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    output = check(tacit.new("shop", like="t.jsonl", label="label")).signature.output
    assert isinstance(output, Category)
    assert list(output.classes) == values


@pytest.mark.parametrize("name", ["example.jsonl", "my data (1).jsonl", "--x.jsonl", "'; rm -rf .jsonl"])
def test_odd_file_names_make_commands_that_work(folder: Path, name: str) -> None:
    rows = "".join(json.dumps({"a": i / 3, "b": i, "label": "xy"[i % 2]}) + "\n" for i in range(30))
    (folder / name).write_text(rows, encoding="utf-8")
    made = tacit.new("shop", like=folder / name, label="label")
    check(made)
    with contextlib.chdir(made.folder):
        close()
        run(made.next[1], made.folder)
        close()
