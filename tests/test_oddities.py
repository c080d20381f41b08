"""What is said of odd data, and that nothing is said of plain data."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import time
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit import Text
from tacit.learners import Data
from tacit.oddities import oddities
from tacit.types import Key, input_kind, output_kind

N = 400
BOOL = output_kind(bool)
CHANCE = np.random.default_rng(0)
LABELS = CHANCE.random(N) < 0.4
NOISE = CHANCE.normal(size=N)
TOWNS = [("north", "south", "west")[i] for i in CHANCE.integers(0, 3, N)]


def table(columns: dict[str, tuple[Any, Any]], labels: Any = LABELS, output: Any = BOOL) -> Data:
    """A table of columns, each given by its annotation and values, beside a number and a town that tell nothing."""
    n = len(labels)
    given = {"size": (float, NOISE[:n].tolist()), "town": (Literal["north", "south", "west"], TOWNS[:n]), **columns}
    kinds = {name: input_kind(of) if isinstance(of, type) or not hasattr(of, "role") else of for name, (of, _) in given.items()}
    labels = np.asarray(labels)
    target = labels.astype(float) if output.role == "number" else np.eye(len(output.classes))[labels.astype(int)]
    return Data(kinds, {name: values for name, (_, values) in given.items()}, output, target, np.ones(n))


def only(data: Data) -> str:
    (said,) = oddities(data)
    return said


def test_nothing_is_said_of_a_plain_table_nor_of_a_handful_of_rows() -> None:
    assert oddities(table({})) == []
    assert oddities(table({"n": (int, [1] * 19)}, LABELS[:19])) == []


@given(st.integers(25, 300), st.integers(0, 1000), st.sampled_from([2, 3, 5]))
def test_nothing_is_said_of_noise(n: int, seed: int, k: int) -> None:
    chance = np.random.default_rng(seed)
    values = {"x": chance.normal(size=n).tolist(), "level": chance.integers(0, 7, n).tolist()}
    columns = {"x": (float, values["x"]), "level": (int, values["level"])}
    classes = np.r_[np.repeat(np.arange(k), 5)[: min(n, 5 * k)], chance.integers(0, k, n - min(n, 5 * k))]
    said = oddities(table(columns, chance.permutation(classes), output_kind(Literal[tuple("abcde"[:k])])))
    assert said == []


@pytest.mark.parametrize(
    ("of", "values"),
    [
        (float, np.where(LABELS, 1.0, -1.0) * (1 + np.abs(NOISE))),
        (int, LABELS * 3),
        (Literal["closed", "open"], np.where(LABELS, "closed", "open")),
        (int | None, [7 if yes else None for yes in LABELS]),
        (dt.date, [dt.date(2026, 1 + yes, 1 + i % 28) for i, yes in enumerate(LABELS.tolist())]),
        (bool, LABELS),
    ],
)
def test_a_column_that_gives_the_answer_away_is_named(of: Any, values: Any) -> None:
    said = only(table({"outcome": (of, values.tolist() if hasattr(values, "tolist") else values)}))
    assert said.startswith('"outcome" alone tells 100.0% of the answers, where one answer for all is right on 6')
    assert said.endswith("leave it out unless it is known before the answer is")


def test_a_column_that_is_right_nine_times_in_ten_is_a_good_column() -> None:
    assert oddities(table({"hint": (bool, (LABELS ^ (np.arange(N) % 10 == 0)).tolist())})) == []


def test_numbers_are_given_away_too() -> None:
    euro = np.exp(CHANCE.normal(size=N))
    said = only(table({"dollars": (float, (euro * 1.1).tolist())}, euro, output_kind(float)))
    assert said.startswith('"dollars" alone tells 100.0% of what varies in the answers: leave it out')
    log = np.log(euro)
    said = only(table({"root": (float, np.cbrt(log).tolist())}, log.clip(-2, 2), output_kind(float)))
    assert said.startswith(('"root" alone tells 99.', '"root" alone tells 100.'))
    assert oddities(table({"close": (float, (euro + CHANCE.normal(size=N) / 2).tolist())}, euro, output_kind(float))) == []


@pytest.mark.parametrize("n", [200, 9_000])
def test_a_number_of_the_row_is_named_and_more_so_where_rows_lie_in_the_order_of_their_labels(n: int) -> None:
    labels = np.random.default_rng(1).random(n) < 0.5
    towns = {"size": (float, np.zeros(n).tolist()), "town": (Literal["north", "south", "west"], (TOWNS * 30)[:n])}
    noise = {"size": (float, np.random.default_rng(2).normal(size=n).tolist()), "town": towns["town"]}
    assert only(table(noise | {"no": (int, list(range(1, n + 1)))}, labels)) == (
        '"no" looks like the number of the row, another in each: leave it out unless it means something'
    )
    shuffled = np.random.default_rng(3).permutation(n).tolist()
    assert '"no" looks like the number of the row' in only(table(noise | {"no": (int, shuffled)}, labels))
    assert oddities(table(noise | {"no": (int, [i * 7 for i in shuffled])}, labels)) == []
    first, second = oddities(table(noise | {"no": (int, list(range(1, n + 1)))}, np.arange(n) < n / 2))
    assert '"no" alone tells' in first
    assert "although it only numbers the rows" in first
    assert "looks like the number of the row" in second


def test_codes_and_keys_that_never_repeat_are_numbers_of_the_row_and_texts_and_names_are_not() -> None:
    codes = [f"C-{i:05}" for i in range(N)]
    users = [f"u{i * 7 % N}" for i in range(N)]
    assert only(table({"code": (str, codes), "user": (Key(), users)})) == (
        '"code" and "user" look like the number of the row, another in each: leave them out unless they mean something'
    )
    texts = {"said": (str, [f"I came on day {i}" for i in range(N)]), "name": (str, [f"ann{'x' * i}" for i in range(N)])}
    assert oddities(table(texts)) == []
    assert oddities(table({"link": (Text, codes)})) == []  # declared as what somebody wrote
    assert oddities(table({"code": (str, [f"C-{i // 2:05}" for i in range(N)])})) == []


def test_constants_gaps_and_twins_are_named() -> None:
    assert only(table({"country": (str, ["DE"] * N)})) == '"country" is "DE" in every row, and can teach nothing'
    two = table({"country": (str, ["DE"] * N), "year": (int, [2026] * N)})
    assert only(two) == '"country" and "year" have one value each, and can teach nothing'
    assert only(table({"note": (float | None, [None] * N)})) == '"note" is missing everywhere'
    assert (
        only(table({"note": (float | None, [*NOISE[:8].tolist(), *[None] * (N - 8)])})) == 'nearly always missing: "note" (98.0%)'
    )
    assert oddities(table({"note": (float | None, [*NOISE[:40].tolist(), *[None] * (N - 40)])})) == []
    assert only(table({"width": (float, NOISE.tolist())})) == '"size" and "width" are the same in every row'
    late = [1.0] * 8_999 + [2.0]
    many = {"size": (float, np.random.default_rng(2).normal(size=9_000).tolist()), "town": (str, (TOWNS * 30)[:9_000])}
    assert oddities(table(many | {"late": (float, late)}, np.random.default_rng(1).random(9_000) < 0.5)) == []


def test_lopsided_labels_say_what_a_constant_answer_scores() -> None:
    labels = np.arange(N) % 50 == 7
    assert only(table({}, labels)) == (
        '98.0% of the labels are "False", so that always answering that has an accuracy of 0.980: '
        'look at the balanced accuracy, or train for metric="macro_f1"'
    )
    assert oddities(table({}, np.arange(N) % 5 == 0)) == []


def test_an_answer_that_is_nearly_always_the_same_is_not_given_away_by_any_column() -> None:
    labels = np.arange(N) % 100 == 7
    assert not any("alone tells" in said for said in oddities(table({}, labels)))


def test_classes_without_labels_or_with_few_are_named() -> None:
    output = output_kind(Literal["a", "b", "c", "d"])
    said = oddities(table({}, np.where(np.arange(N) == 3, 2, LABELS), output))
    assert said == [
        'no example is labeled "d", which can then not be learned',
        'too few labels to learn or to score by: "c" (1)',
    ]


def test_labels_that_contradict_each_other_are_counted_and_votes_are_not_labels() -> None:
    data = table({})
    data.target[:7] = 0.5
    assert only(data) == "7 of 400 labeled examples have labels that contradict each other: look at those again"
    assert oddities(data, np.arange(N) >= 7) == []
    assert oddities(table({"n": (int, [1] * N)}), np.zeros(N, bool)) == ['"n" is 1 in every row, and can teach nothing']


def test_at_most_six_things_are_said_the_most_important_first() -> None:
    columns = {f"twin{i}": (float, NOISE.tolist()) for i in range(8)}
    said = oddities(table({**columns, "outcome": (bool, LABELS.tolist())}))
    assert len(said) == 6
    assert '"outcome" alone tells' in said[0]


def test_forty_thousand_rows_take_less_than_a_second() -> None:
    n = 40_000
    chance = np.random.default_rng(0)
    columns = {f"x{i}": (float, chance.normal(size=n).tolist()) for i in range(9)}
    columns |= {f"c{i}": (str, [f"v{j}" for j in chance.integers(0, 9, n)]) for i in range(9)}
    data = table({"size": (float, [0.5] * n), "town": (str, ["w"] * n), **columns}, chance.random(n) < 0.5)
    began = time.perf_counter()
    assert only(data) == '"size" and "town" have one value each, and can teach nothing'
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [("adult", 0), ("letter", 0), ("phoneme", 0), ("california_housing", 0), ("bank_marketing", 0), ("titanic", 1)],
)
def test_nothing_is_made_of_well_known_tables(shared: Path, name: str, expected: int) -> None:
    (file,) = (shared / name).glob("*.csv.gz")
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
    cells = [[row[i] or None for row in rows if row[-1]] for i in range(len(header))]
    *values, answers = [_numbers(column) for column in cells]
    classes = sorted(set(map(str, answers)))
    output = output_kind(Literal[tuple(classes)] if len(classes) < 30 else float)
    target = np.array([[a == c for c in classes] for a in map(str, answers)], float) if len(classes) < 30 else np.array(answers)
    kinds = {
        h: input_kind((float if isinstance(_numbers(c), tuple) else str) | None) for h, c in zip(header, cells, strict=False)
    }
    data = Data(
        {h: kinds[h] for h in header[:-1]}, dict(zip(header, values, strict=False)), output, target, np.ones(len(answers))
    )
    said = oddities(data)
    assert len(said) == expected, said


def _numbers(column: list[str | None]) -> Any:
    try:
        return tuple(None if v is None else float(v) for v in column)
    except ValueError:
        return column
