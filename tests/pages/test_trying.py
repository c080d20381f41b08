"""A task is tried by a form made from its types; what is wrong can be said at once."""

from __future__ import annotations

import re

import pytest

from tests.pages.site import Site

HOME = {
    "in.size": "80",
    "in.town": "0",
    "in.age": "",
    "in.built": "2001-05-06",
    "in.balcony": "1",
    "in.place": "1, 2",
    "in.agent": "3",
}


def test_an_answer_has_its_value_its_scores_and_its_release(site: Site) -> None:
    text = site.post("/tasks/sentiment", {"in.review": "a great and lovely film"}).text
    assert "sentiment answers" in text
    assert re.search(r'<p class="value"><bdi>positive</bdi>', text.replace("\n", ""))
    assert text.count('<svg class="bar') >= 2
    assert "a great and lovely film</textarea>" in text


def test_a_number_has_no_bars(site: Site) -> None:
    text = site.post("/tasks/price", HOME).text
    assert "price answers" in text
    assert "sure," not in text


def test_all_fields_that_do_not_fit_are_marked_and_keep_what_was_typed(site: Site) -> None:
    answer = site.post("/tasks/price", HOME | {"in.size": "4000", "in.place": "1, x", "in.town": "9"})
    assert answer.status == 422
    assert 'value="4000"' in answer.text
    for reason in ("outside 0 to 1000", "holds a number that", "none of the choices"):
        assert reason in answer.text
    assert answer.text.count('aria-invalid="true"') == 3


def test_the_users_class_may_refuse(site: Site) -> None:
    answer = site.post("/tasks/price", HOME | {"in.size": "666", "in.town": "1"})
    assert answer.status == 422
    assert "no home in the south is of that size" in answer.text


def test_a_form_with_nothing_in_it_says_what_is_missing(site: Site) -> None:
    answer = site.post("/tasks/price")
    assert answer.status == 422
    assert "size is missing" in answer.text


def test_a_task_without_a_model_says_what_to_type(site: Site) -> None:
    answer = site.post("/tasks/untouched", {"in.text": "x"})
    assert answer.status == 409
    assert "untouched has no trained model yet" in answer.text


def test_a_stored_image_can_be_asked_about(site: Site) -> None:
    example = next(site.project.store.examples("side"))[0]
    assert re.search(r"(left|right)", site.post("/tasks/side", {"like": example.id}).text)
    assert site.post("/tasks/side").status == 422


def test_saying_what_it_should_have_been_makes_a_label(site: Site) -> None:
    text = site.post("/tasks/sentiment", {"in.review": "a film that nobody has seen before, fun"}).text
    prediction = re.search(r'name="id" value="([0-9a-f]{32})"', text)
    assert prediction
    answer = site.post("/tasks/sentiment/feedback", {"id": prediction[1], "value": "1"})
    assert (answer.status, answer.headers["location"]) == (303, "/tasks/sentiment?corrected=1#try")
    assert "Noted." in site.get("/tasks/sentiment?corrected=1").text
    assert site.project.store.count("sentiment").labels["feedback"] >= 1


@pytest.mark.parametrize(
    ("id", "value", "status"), [("0" * 32, "1", 404), ("<b>", "1", 404), ("", "", 422), ("0" * 32, "7", 422)]
)
def test_a_correction_of_nothing_or_to_nothing_is_refused(site: Site, id: str, value: str, status: int) -> None:
    assert site.post("/tasks/sentiment/feedback", {"id": id, "value": value}).status == status


def test_line_ends_are_those_of_the_data(site: Site) -> None:
    site.post("/tasks/sentiment", {"in.review": "one\r\ntwo great"})
    text = site.post("/tasks/sentiment", {"in.review": "one\r\ntwo great"}).text
    assert "\none\ntwo great</textarea>" in text
