"""Odd records: each learner of tables still finds what can be found."""

from __future__ import annotations

import datetime as dt
import string
from typing import Any

import numpy as np
import pytest

from tacit.learners import Cache, Data, Model, get, settle
from tacit.types import Category, ImageKind, Kind, Maybe, Moment, Number, TextKind

BOOL = Category((False, True), "bool")
LEARNERS = ("linear", "forest", "gbdt", "mlp")
every_learner = pytest.mark.parametrize("learner", LEARNERS)


def rows(n: int, kinds: dict[str, Kind], columns: dict[str, list[Any]], yes: np.ndarray) -> Data:
    return Data(kinds, columns, BOOL, np.eye(2)[yes.astype(int)], np.ones(n))


def plain(n: int, *, share: float = 0.5) -> tuple[dict[str, Kind], dict[str, list[Any]], np.ndarray]:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=n), rng.normal(size=n)
    yes = x + y > np.quantile(x + y, 1 - share)
    return {"x": Maybe(Number()), "y": Number()}, {"x": x.tolist(), "y": y.tolist()}, yes


def fit(learner: str, data: Data) -> Model:
    return get(learner).fit(data, get(learner).portfolio(data)[0], seed=0, cache=Cache())


def right(learner: str, data: Data) -> float:
    """The accuracy on the last third, of a fit of the rest."""
    cut = 2 * data.n // 3
    train, test = settle(data.take(np.arange(cut))), data.take(np.arange(cut, data.n))
    return float((fit(learner, train).predict(test.columns).argmax(1) == test.target.argmax(1)).mean())


@every_learner
def test_a_column_that_is_empty_or_constant_or_unique_in_each_row_does_no_harm(learner: str) -> None:
    n = 600
    kinds, columns, yes = plain(n)
    before = right(learner, rows(n, kinds, columns, yes))
    rng = np.random.default_rng(1)
    names = ["".join(rng.choice(list(string.ascii_lowercase), 12)) for _ in range(n)]
    kinds |= {"none": Maybe(Number()), "same": TextKind("str"), "id": TextKind("str"), "row": Number(whole=True)}
    columns |= {"none": [None] * n, "same": ["s"] * n, "id": names, "row": rng.permutation(n).tolist()}
    assert before > 0.9
    assert right(learner, rows(n, kinds, columns, yes)) > before - 0.06


@every_learner
def test_rare_answers_are_ranked_first(learner: str) -> None:
    n = 2_000
    kinds, columns, yes = plain(n, share=0.02)
    data = rows(n, kinds, columns, yes)
    model = fit(learner, data.take(np.arange(1_400)))
    found = model.predict(data.take(np.arange(1_400, n)).columns)[:, 1]
    truth = yes[1_400:]
    assert (found[truth][:, None] > found[~truth]).mean() > 0.9  # the area under the ROC curve
    assert 0.005 < found.mean() < 0.06


@every_learner
def test_dates_tell(learner: str) -> None:
    n = 900
    rng = np.random.default_rng(0)
    days = [dt.date(2020, 1, 1) + dt.timedelta(int(d)) for d in rng.integers(1500, size=n)]
    weekend = np.array([day.weekday() >= 5 for day in days])
    data = rows(n, {"day": Maybe(Moment())}, {"day": [None if i % 50 == 0 else day for i, day in enumerate(days)]}, weekend)
    assert right(learner, data) > 0.9


@every_learner
def test_a_column_of_many_names_tells(learner: str) -> None:
    n = 6_000
    rng = np.random.default_rng(0)
    city = rng.integers(90, size=n)
    yes = (rng.permutation(90)[city] % 2 == 0) ^ (rng.random(n) < 0.05)
    data = rows(n, {"city": TextKind("str")}, {"city": [f"city {i}" for i in city.tolist()]}, yes)
    assert right(learner, data) > 0.85


@pytest.mark.parametrize("learner", ["forest", "gbdt", "mlp"])
def test_texts_and_images_inside_a_record_tell(learner: str) -> None:
    n = 300
    rng = np.random.default_rng(0)
    yes = rng.random(n) < 0.5
    by_text = rng.random(n) < 0.5  # half of the rows are told by the text, the others by the image
    kinds: dict[str, Kind] = {"n": Number(), "said": Maybe(TextKind()), "photo": Maybe(ImageKind())}
    said = [
        f"it is {'good' if y else 'bad'}, number {i}" if t else None for i, (y, t) in enumerate(zip(yes, by_text, strict=True))
    ]
    photos = [None if t else np.full((8, 8), 200 if y else 20, np.uint8) for y, t in zip(yes, by_text, strict=True)]
    data = rows(n, kinds, {"n": rng.normal(size=n).tolist(), "said": said, "photo": photos}, yes)
    assert right(learner, data) > 0.9


@every_learner
def test_three_rows_are_enough_for_an_answer(learner: str) -> None:
    kinds, columns, yes = plain(3)
    found = fit(learner, rows(3, kinds, columns, yes)).predict(columns)
    assert found.shape == (3, 2)
    assert np.isfinite(found).all()


@every_learner
def test_five_hundred_columns_are_fine(learner: str) -> None:
    n = 500
    kinds, columns, yes = plain(n)
    rng = np.random.default_rng(1)
    for i in range(498):
        kinds[f"noise{i}"] = Number()
        columns[f"noise{i}"] = rng.normal(size=n).tolist()
    assert right(learner, rows(n, kinds, columns, yes)) > 0.65


@every_learner
def test_names_that_were_not_seen_are_as_if_missing(learner: str) -> None:
    kinds, columns, yes = plain(400)
    kinds["who"] = Maybe(TextKind("str"))
    columns["who"] = [("a", "b", None)[i % 3] for i in range(400)]
    model = fit(learner, settle(rows(400, kinds, columns, yes)))
    fresh = {"x": [2.0], "y": [2.0], "who": ["never seen"]}
    assert model.predict(fresh)[0].argmax() == 1
