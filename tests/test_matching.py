"""Columns find their parameters by name; nothing is guessed."""

from __future__ import annotations

import dataclasses
from typing import Any

import pydantic
import pytest

from tacit import Id, Image, Text, Vector, task
from tacit.errors import ColumnError
from tacit.files import Rows, read
from tacit.matching import match, parsed


@task
def sentiment(review: Text) -> bool:
    """Is it glad?"""


@dataclasses.dataclass
class Passenger:
    name: Text
    age: float | None


class Range(pydantic.BaseModel):
    low: float
    high: float

    @pydantic.model_validator(mode="after")
    def ordered(self) -> Range:
        if self.low > self.high:
            raise ValueError("low is above high")
        return self

    @pydantic.field_validator("low")
    @classmethod
    def rounded(cls, value: float) -> float:
        return round(value)


@task
def fare(passenger: Passenger) -> float:
    """How much?"""


@task
def likes(user: Id, guest: Passenger) -> bool:
    """Do they?"""


@task
def width(range: Range) -> float:
    """How wide?"""


@task
def pet(photo: Image | None, age: float | None) -> bool:
    """A dog?"""


def parse(asked: Any, rows: Any, columns: dict[str, str] | None = None) -> tuple[dict[str, list[Any]], dict[int, list[str]]]:
    ready = read(rows)
    matching = match(asked, ready, columns)
    (batch,) = ready.batches(matching.wanted)
    found = parsed(matching, batch)
    return found.columns, found.problems


def test_by_name_by_renaming_and_by_being_the_only_value() -> None:
    for rows, columns in (
        ([{"review": "x", "age": 3}], None),
        ([{"text": "x"}], {"text": "review"}),
        ([{"text": "x", "review": "y"}], {"text": "review"}),
        (["x"], None),
    ):
        assert parse(sentiment, rows, columns) == ({"review": ["x"]}, {})


def test_a_renamed_column_no_longer_goes_by_its_own_name() -> None:
    with pytest.raises(ColumnError, match='no column "age"') as error:
        match(task(judged), read([{"review": "x", "age": 1}]), {"age": "review"})
    assert "its columns are review, age" in str(error.value)


def judged(review: Text, age: float) -> bool:
    """Is it?"""
    return True


def test_the_fields_of_a_lone_record_are_columns_or_records() -> None:
    expected: Any = ({"name": ["Ann"], "age": [3.0]}, {})
    assert parse(fare, [{"name": "Ann", "age": "3"}]) == expected
    assert parse(fare, [Passenger("Ann", 3.0)]) == expected
    assert parse(fare, [{"passenger": Passenger("Ann", 3.0)}]) == expected
    assert parse(fare, [{"passenger": {"name": "Ann", "age": 3}}]) == expected
    assert parse(fare, [{"name": "Ann"}]) == ({"name": ["Ann"], "age": [None]}, {})


def test_a_record_beside_others_has_dotted_columns_or_records() -> None:
    expected: Any = ({"user": [7], "guest.name": ["Ann"], "guest.age": [None]}, {})
    assert parse(likes, [{"user": 7, "guest.name": "Ann"}]) == expected
    assert parse(likes, [{"user": 7, "guest": Passenger("Ann", None)}]) == expected
    assert parse(likes, [{"user": 7, "guest": None}])[1] == {0: ["guest.name is missing"]}


def test_a_record_class_may_refuse_and_change_values() -> None:
    columns, problems = parse(width, [{"low": 1.4, "high": 2}, {"low": 3, "high": 2}, {"low": "x", "high": None}])
    assert columns["low"][0] == 1.0
    assert "is refused by Range" in problems[1][0]
    assert "low is above high" in problems[1][0]
    assert problems[2] == ['low is "x", not a number', "high is missing"]


def test_a_list_in_a_cell_of_text_is_read_as_json() -> None:
    def near(place: Vector[2]) -> bool:
        return True

    columns, problems = parse(task(near), [{"place": "[1, 2.5]"}, {"place": "[1,"}, {"place": [3, 4]}])
    assert columns["place"] == [(1.0, 2.5), None, (3.0, 4.0)]
    assert "not JSON" in problems[1][0]


def test_the_images_of_a_folder_are_the_only_image_parameter() -> None:
    folder = Rows("pets", ("image", "folder"), lambda _: iter(()), images=True)
    assert match(pet, folder).theirs == {"photo": "image"}
    assert match(pet, folder, {"folder": "age"}).theirs == {"photo": "image", "age": "folder"}


class TestErrors:
    def test_a_missing_column_names_those_there_are_and_the_nearest(self) -> None:
        file = Rows("reviews.csv", ("reviews", "stars"), lambda _: iter(()))
        with pytest.raises(ColumnError) as error:
            match(sentiment, file)
        assert str(error.value) == (
            'reviews.csv has no column "review" for sentiment(review: Text) -> bool; its columns are reviews, stars; '
            'did you mean "reviews"?  next: --columns reviews=review'
        )

    def test_the_only_column_is_suggested_but_not_taken(self) -> None:
        with pytest.raises(ColumnError) as error:
            match(sentiment, read([{"body": "x"}]))
        assert error.value.next == 'columns={"body": "review"}'

    def test_a_file_with_none_of_the_columns_is_an_error_even_if_each_may_be_missing(self) -> None:
        with pytest.raises(ColumnError, match='no column "photo"'):
            match(pet, read([{"x": 1}]))

    def test_plain_values_are_not_enough_for_two_parameters(self) -> None:
        with pytest.raises(ColumnError, match=r"plain values, but .* has 2 columns"):
            match(pet, read(["x"]))

    def test_columns_that_do_not_exist_on_either_side(self) -> None:
        rows = read([{"text": "x", "body": "y"}])
        with pytest.raises(ColumnError, match=r'no column "txt".*did you mean "text"'):
            match(sentiment, rows, {"txt": "review"})
        with pytest.raises(ColumnError, match='no parameter "reviw"') as error:
            match(sentiment, rows, {"text": "reviw"})
        assert error.value.next == 'columns={"text": "review"}'
        with pytest.raises(ColumnError, match="two columns"):
            match(sentiment, rows, {"text": "review", "body": "review"})
