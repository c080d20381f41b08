"""The verb votes: labeling functions over stored examples."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

import numpy as np
import pytest

import tacit
from tacit import Span, Text, task
from tacit.errors import FunctionError, NotLearnable
from tacit.voting import votes_of


def made() -> Any:
    @task
    def sentiment(review: Text) -> Literal["positive", "negative"]:
        """Glad or sad?"""

    return sentiment


class Asked:
    """Remembers what a function was asked; a list that grows would count as changed code."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def append(self, text: str) -> None:
        self.texts.append(text)


class Wires:
    """What a function depends on that is no part of its code."""

    cut = True


def test_votes_come_with_a_summary_of_each_function(project: Any) -> None:
    sentiment = made()

    @sentiment.labeling_function
    def loves(review: str) -> str | None:
        return "positive" if "love" in review else None

    @sentiment.labeling_function
    def refund(review: str) -> str | None:
        return "negative" if "refund" in review else None

    rows = [
        {"review": text, "l": kind}
        for text, kind in [("I love it", "positive"), ("love? refund!", "negative"), ("refund me", "negative")]
    ]
    tacit.add(sentiment, rows, label="l")
    tacit.add(sentiment, ["it came on Monday"])
    votes = tacit.votes(sentiment)
    assert votes.matrix.tolist() == [[0, -1], [0, 1], [-1, 1], [-1, -1]]
    np.testing.assert_allclose(votes.probabilities[:, 0], [0.71, 0.39, 0.21, 0.5], atol=0.01)  # labels say that loves errs
    assert votes.covered == 0.75
    first, second = votes.functions
    assert (first.coverage, first.conflict, first.measured) == (0.5, 0.25, 0.5)
    assert (second.coverage, second.measured) == (0.5, 1.0)
    assert "loves" in str(votes)
    assert "cover 75.0% of 4 examples" in str(votes)


def test_a_function_is_asked_once_about_an_example_until_its_code_changes(project: Any) -> None:
    asked = Asked()

    def first(review: str) -> str:
        asked.append(review)
        return "positive"

    def changed(review: str) -> str:
        asked.append(review)
        return "negative"

    changed.__name__ = "first"
    sentiment = made()
    sentiment.labeling_function(first)
    tacit.add(sentiment, ["one", "two"])
    tacit.votes(sentiment)
    tacit.votes(sentiment)
    assert asked.texts == ["one", "two"]
    tacit.add(sentiment, ["three"])
    assert tacit.votes(sentiment).matrix.tolist() == [[0], [0], [0]]
    assert asked.texts == ["one", "two", "three"]
    again = made()
    again.labeling_function(changed)
    assert tacit.votes(again).matrix.tolist() == [[1], [1], [1]]
    assert asked.texts[3:] == ["one", "two", "three"]


def test_an_exception_is_shown_and_counted_also_when_the_votes_come_from_the_store(project: Any) -> None:
    sentiment = made()

    @sentiment.labeling_function
    def brittle(review: str) -> str | None:
        return "positive" if review[5] == "x" else None

    tacit.add(sentiment, ["abc", "abcdexyz"])
    for _ in range(2):
        votes = tacit.votes(sentiment)
        assert votes.matrix.tolist() == [[-1], [0]]
        assert votes.functions[0].failed == 1
        assert "brittle raised IndexError" in str(votes)
        assert "failed on 1" in str(votes)


def test_a_wrong_value_is_an_error_and_what_others_said_before_is_kept(project: Any) -> None:
    sentiment = made()
    sentiment.labeling_function(lambda review: "posit")
    tacit.add(sentiment, ["one"])
    with pytest.raises(FunctionError, match='returned "posit"'):
        tacit.votes(sentiment)


def test_a_function_is_asked_again_where_it_raised_and_nowhere_else(project: Any) -> None:
    asked, sentiment = Asked(), made()
    Wires.cut = True

    def calls_home(review: str) -> str:
        asked.append(review)
        if Wires.cut and "far" in review:
            raise ConnectionError("no answer")
        return "positive"

    sentiment.labeling_function(calls_home)
    tacit.add(sentiment, ["near", "far", "nearer", "farther"])
    assert tacit.votes(sentiment).functions[0].failed == 2
    Wires.cut = False
    votes = tacit.votes(sentiment)
    assert votes.matrix.tolist() == [[0]] * 4
    assert (votes.functions[0].failed, votes.failures) == (0, ())
    assert asked.texts == ["near", "far", "nearer", "farther", "far", "farther"]


def test_of_many_failures_the_first_are_kept_and_all_are_counted(project: Any) -> None:
    sentiment = made()
    sentiment.labeling_function(lambda review: {}[review])
    tacit.add(sentiment, [f"text {i}" for i in range(250)])
    for _ in range(2):
        votes = tacit.votes(sentiment)
        assert (votes.functions[0].failed, len(votes.failures)) == (250, 20)


@pytest.mark.parametrize("end", [KeyboardInterrupt, "nonsense"])
def test_what_was_said_before_an_interruption_or_a_wrong_value_is_kept(project: Any, end: Any) -> None:
    asked, sentiment = Asked(), made()

    def steady(review: str) -> str:
        asked.append(review)
        return "positive"

    def ends(review: str) -> Any:
        if review == "text 150":
            if isinstance(end, str):
                return end
            raise end
        return None

    sentiment.labeling_function(steady)
    tacit.add(sentiment, [f"text {i}" for i in range(300)])
    sentiment.labeling_function(ends)
    with pytest.raises((FunctionError, KeyboardInterrupt)):
        tacit.votes(sentiment)
    assert len(asked.texts) == 200
    del sentiment.labeling_functions[1]
    assert tacit.votes(sentiment).matrix.tolist() == [[0]] * 300
    assert len(asked.texts) == 300


def test_at_a_deadline_there_is_what_was_said_until_then_and_the_rest_is_asked_next_time(project: Any) -> None:
    sentiment = made()

    def slow(review: str) -> str:
        time.sleep(0.005)
        return "positive"

    sentiment.labeling_function(slow)
    sentiment.labeling_function(lambda review: "negative")
    tacit.add(sentiment, [f"text {i}" for i in range(150)])
    cut = votes_of(project, sentiment, deadline=time.monotonic() + 0.1)
    said = (cut.matrix[:, 0] >= 0).sum()
    assert 0 < said < 100
    assert cut.asked == 0  # the other function never had its turn
    assert (cut.matrix[:, 1] == -1).all()
    assert len(cut.examples) == 150
    assert "all were asked about the first 0 in time" in str(cut)
    whole = votes_of(project, sentiment)
    assert whole.asked == 150
    assert whole.matrix.tolist() == [[0, 1]] * 150
    assert "in time" not in str(whole)


def test_no_functions_is_an_error_that_shows_how_to_write_one(project: Any) -> None:
    with pytest.raises(FunctionError, match=r"@sentiment\.labeling_function"):
        tacit.votes(made())


def test_functions_that_all_abstain_cover_nothing(project: Any) -> None:
    sentiment = made()
    sentiment.labeling_function(lambda review: None)
    tacit.add(sentiment, ["one", "two"])
    votes = tacit.votes(sentiment)
    assert votes.covered == 0
    assert np.all(votes.probabilities == 0.5)


def test_no_examples_at_all_give_an_empty_table(project: Any) -> None:
    sentiment = made()
    sentiment.labeling_function(lambda review: None)
    assert tacit.votes(sentiment).matrix.shape == (0, 1)


def test_functions_of_a_task_that_returns_text_are_refused(project: Any) -> None:
    @task
    def title(text: Text) -> Text:
        """What is it called?"""

    title.labeling_function(lambda text: text[:9])
    with pytest.raises(NotLearnable, match="vote on classes, sets of classes, numbers and spans"):
        tacit.votes(title)


def test_soft_votes_are_probabilities_for_the_classes_they_name(project: Any) -> None:
    sentiment = made()
    sentiment.labeling_function(lambda review: {"positive": 0.9} if "love" in review else {"negative": 0.6, "positive": 0.4})
    tacit.add(sentiment, ["I love it", "It came on Monday"])
    votes = tacit.votes(sentiment)
    assert votes.matrix.tolist() == [[0], [1]]
    sure = votes.probabilities.max(1)
    assert 0.5 < sure[1] < sure[0] < 1


def test_numbers_are_voted_on_and_learned_from(project: Any) -> None:
    @task
    def price(rooms: float, far: float) -> float:
        """How much?"""

    @price.labeling_function
    def size(rooms: float, far: float) -> float:
        return 100 * rooms

    @price.labeling_function
    def both(rooms: float, far: float) -> float | None:
        return 100 * rooms - far if far > 10 else None

    draw = np.random.default_rng(0)
    rows = [{"rooms": float(draw.integers(1, 9)), "far": float(draw.integers(0, 90))} for _ in range(400)]
    tacit.add(price, rows)
    labeled = [r | {"price": 100 * r["rooms"] - r["far"] + draw.normal(0, 5)} for r in rows[:30]]
    tacit.add(price, labeled, label="price")
    votes = tacit.votes(price)
    assert votes.classes == ()
    assert votes.values is not None
    assert votes.functions[1].estimated is not None
    assert votes.functions[1].measured is not None
    assert votes.functions[1].measured < 10 < (votes.functions[0].measured or 0)
    assert "noise" in str(votes)
    run = tacit.train(price, budget=6, learners=["linear"])
    assert run.labels["gold"] == 30
    assert run.labels["voted"] > 250
    assert tacit.predict(price, [{"rooms": 5.0, "far": 50.0}])[0].value == pytest.approx(450, abs=40)


def test_sets_and_spans_are_voted_on(project: Any) -> None:
    @task
    def topics(text: Text) -> set[Literal["money", "sport"]]:
        """What is it about?"""

    @topics.labeling_function
    def pays(text: str) -> Any:
        return {"money": "pay" in text, "sport": False if "bank" in text else None} if "?" in text else None

    @topics.labeling_function
    def ball(text: str) -> Any:
        return {"sport"} if "ball" in text else set() if "nothing" in text else None

    tacit.add(topics, ["they pay for the ball", "nothing"])
    votes = tacit.votes(topics)
    assert votes.classes == ("money", "sport")
    assert votes.matrix[:, 1].tolist() == [[-1, 1], [0, 0]]
    assert votes.probabilities[0, 1] > 0.5 > votes.probabilities[1, 1]
    tacit.add(topics, ["do they pay?"])
    with pytest.raises(
        FunctionError, match=r"pays returned .*, which says None of .sport., which is neither True nor False; it returns a set of"
    ):
        tacit.votes(topics)

    @task
    def names(text: Text) -> list[Span[Literal["person"]]]:
        """Who?"""

    @names.labeling_function
    def ann(text: str) -> Any:
        at = text.find("Ann")
        return [Span(at, at + 3, "person")] if at >= 0 else []

    tacit.add(names, ["I met Ann", "nobody"])
    assert tacit.votes(names).values == (((6, 9, 0),), ())


def test_a_language_model_cannot_be_asked_for_spans(project: Any) -> None:
    @task
    def names(text: Text) -> list[Span[Literal["person"]]]:
        """Who?"""

    @names.labeling_function(llm="http://localhost:9/v1", model="m")
    def asks(text: str) -> Any: ...

    tacit.add(names, ["I met Ann"])
    with pytest.raises(NotLearnable, match="asks a language model for list"):
        tacit.votes(names)


def test_a_function_that_raises_on_one_row_in_a_thousand_votes_on_the_others(project: Any) -> None:
    sentiment = made()

    @sentiment.labeling_function
    def brittle(review: str) -> str:
        return "positive" if 1 / (int(review) - 500) else "negative"

    tacit.add(sentiment, [str(i) for i in range(1000)])
    votes = tacit.votes(sentiment)
    assert (votes.matrix >= 0).sum() == 999
    assert votes.functions[0].failed == 1
    assert "brittle raised ZeroDivisionError: division by zero" in str(votes)


def test_a_call_that_takes_too_long_is_cut_short_and_told(project: Any) -> None:
    sentiment = made()

    @sentiment.labeling_function(timeout=1)
    def sleeps(review: str) -> str:
        try:
            time.sleep(10 if review == "text 7" else 0)
        except Exception:  # what cuts it short is none
            return "negative"
        return "positive"

    tacit.add(sentiment, [f"text {i}" for i in range(300)])
    votes = tacit.votes(sentiment)
    assert votes.matrix[:, 0].tolist() == [0] * 7 + [-1] + [0] * 292
    assert votes.functions[0].failed == 1
    assert "sleeps took longer than 1 s  at " in str(votes)


def test_a_function_that_is_always_slow_is_not_asked_about_the_rest_and_the_others_are(project: Any) -> None:
    sentiment = made()

    @sentiment.labeling_function(timeout=0.05)
    def sleeps(review: str) -> None:
        time.sleep(10)

    sentiment.labeling_function(lambda review: "negative")
    tacit.add(sentiment, [f"text {i}" for i in range(300)])
    votes = tacit.votes(sentiment)
    assert votes.matrix.tolist() == [[-1, 1]] * 300
    assert (votes.functions[0].failed, votes.asked) == (3, 300)
    assert (
        "sleeps took longer than 0.05 s on 3 of 3 examples and was not asked about the others; labeling_function(timeout=0.5)"
        in str(votes)
    )


@dataclass
class House:
    town: str
    beds: int | None


class Photo(TypedDict):
    tags: set[Literal["red", "blue"]]


def test_a_function_that_changes_its_inputs_changes_its_own_copy(project: Any) -> None:
    @task
    def dear(house: House, photo: Photo, picture: tacit.Image) -> bool:
        """Is it dear?"""

    seen = []

    @dear.labeling_function
    def changes(house: Any, photo: Any, picture: Any) -> None:
        house.town = "gone"
        photo["tags"].clear()
        picture[:] = 0

    @dear.labeling_function
    def looks(house: Any, photo: Any, picture: Any) -> None:
        seen.append((house.town, house.beds, sorted(photo["tags"]), int(picture.max())))

    image = np.full((2, 2, 3), 9, np.uint8)
    rows = [{"house.town": "a", "house.beds": 2, "photo.tags": ["red", "blue"], "picture": image}]
    tacit.add(dear, rows)
    assert tacit.votes(dear).functions[0].failed == 0
    assert seen == [("a", 2, ["blue", "red"], 9)]


async def later(review: str) -> str:
    return "positive"


@pytest.mark.parametrize("value", [np.str_("negative"), np.array("negative")])
def test_values_of_numpy_that_equal_a_class_are_votes(project: Any, value: Any) -> None:
    sentiment = made()
    sentiment.labeling_function(lambda review: value)
    tacit.add(sentiment, ["one", "two"])
    assert tacit.votes(sentiment).matrix.tolist() == [[1], [1]]


@pytest.mark.parametrize(
    "function",
    [lambda review: {"negative"}, lambda review: [review], lambda review: (w for w in review), lambda review: later(review)],
)
def test_values_that_are_no_class_are_an_error_also_those_without_a_hash(project: Any, function: Any) -> None:
    sentiment = made()
    sentiment.labeling_function(function)
    tacit.add(sentiment, ["one"])
    with pytest.raises(FunctionError, match=r'it returns "positive" or "negative" \(None abstains\)'):
        tacit.votes(sentiment)
