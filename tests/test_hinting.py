"""The verb hints: what it says, and that what it offers votes as it says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

import tacit
from tacit import Id, Image, Text, Vector, task
from tacit.errors import NotLearnable
from tacit.hinting import Hints
from tacit.project import close
from tests.asking.server import Says, serving

MAIL = '''from typing import Literal

from tacit import Text, task


@task
def mail(subject: Text | None, body: Text) -> Literal["order", "question"]:
    """What is it?"""
'''

PARCELS = '''import datetime as dt
from typing import Literal, NotRequired, TypedDict

from tacit import task

Parcel = TypedDict(
    "Parcel",
    {"class": str, "weight-kg": float, "sent": dt.date, "fragile": bool, "gift": NotRequired[bool], "kind": Literal["a", 'b"\\\\{}']},
)


@task
def late(parcel: Parcel) -> bool:
    """Does it come late?"""
'''


def mails(n: int = 240) -> list[dict[str, Any]]:
    """Orders that say "send" or begin with a brace, questions with a question mark or the word for it; some say nothing."""
    chance = np.random.default_rng(0)
    filler = [f"word{i}" for i in range(80)]
    telling = {"order": ["please Send,  it", '{"a\\b"}', "送货上门"], "question": ["is it so?", "why", "kérdés: mi"]}
    rows = []
    for i in range(n):
        label = ["order", "question"][i % 2]
        own = telling[label][int(chance.integers(3))] if chance.random() < 0.7 else ""
        words = [own, *chance.choice(filler, 5)]
        chance.shuffle(words)
        subject = None if chance.random() < 0.3 else " ".join(chance.choice(filler, 3))
        rows.append({"subject": subject, "body": f"{' '.join(words)} {i}", "label": label})
    return rows


def parcels(n: int = 300) -> list[dict[str, Any]]:
    chance = np.random.default_rng(1)
    rows = []
    for i in range(n):
        weight, day, kind = float(chance.uniform(0, 40)), int(chance.integers(1, 28)), ["a", 'b"\\{}'][int(chance.integers(2))]
        late = weight > 30 or (day > 24 and kind == "a")
        row = {"class": ["air", "sea"][int(chance.integers(2))], "weight-kg": weight, "sent": f"2024-02-{day:02}", "kind": kind}
        rows.append(row | {"fragile": bool(chance.integers(2)), "gift": None if i % 3 else bool(i % 2), "late": late})
    return rows


def started(folder: Path, source: str) -> Path:
    """A project with one task file, opened anew, as a command would."""
    (folder / "tasks").mkdir(exist_ok=True)
    file = folder / "tasks" / "one.py"
    file.write_text(source, encoding="utf-8")
    close()
    tacit.open(folder)
    return file


def pasted(folder: Path, source: str, name: str, hints: Hints) -> None:
    """Paste what is offered, and compare its votes with what was said of it."""
    file = started(folder, f"{source}\n\n{hints.code}")
    votes = tacit.votes(name)
    assert [f.name for f in votes.functions] == [c.name for c in hints.candidates]
    before = np.zeros((len(votes.examples), len(votes.classes)), bool)
    for j, (candidate, summary) in enumerate(zip(hints.candidates, votes.functions, strict=True)):
        voted = votes.matrix[:, j] >= 0
        assert {votes.classes[c] for c in votes.matrix[voted, j]} == {candidate.label}, file.read_text()
        assert summary.coverage == pytest.approx(candidate.coverage), candidate.code
        assert summary.measured == pytest.approx(candidate.precision), candidate.code
        assert summary.failed == 0
        label = votes.classes.index(candidate.label)
        assert candidate.new == pytest.approx((voted & ~before[:, label]).mean())
        before[voted, label] = True


@pytest.mark.parametrize(
    ("source", "name", "rows", "label"), [(MAIL, "mail", mails(), "label"), (PARCELS, "late", parcels(), "late")]
)
def test_candidates_vote_as_their_figures_say(folder: Path, source: str, name: str, rows: list[Any], label: str) -> None:
    started(folder, source)
    tacit.add(name, rows, label=label)
    hints = tacit.hints(name)
    assert len(hints.candidates) >= 3
    assert hints.basis == "labels"
    pasted(folder, source, name, hints)


def test_each_candidate_stands_by_itself(folder: Path) -> None:
    started(folder, MAIL)
    tacit.add("mail", mails(), label="label")
    for candidate in tacit.hints("mail").candidates:
        started(folder, f"{MAIL}\n\n{candidate.code}")
        (only,) = tacit.votes("mail").functions
        assert only.coverage == pytest.approx(candidate.coverage)


def test_once_pasted_they_are_not_offered_again(folder: Path) -> None:
    started(folder, MAIL)
    tacit.add("mail", mails(), label="label")
    first = tacit.hints("mail")
    started(folder, f"{MAIL}\n\n{first.code}")
    again = tacit.hints("mail")
    assert {c.cue for c in again.candidates} & {c.cue for c in first.candidates} == set()
    assert {c.name for c in again.candidates} & {c.name for c in first.candidates} == set()
    assert again.silent < first.silent == 240


def made() -> Any:
    @task
    def sentiment(review: Text) -> Literal["positive", "negative"]:
        """Glad or sad?"""

    return sentiment


def test_conflicts_and_what_is_uncovered_come_with_examples(project: Any) -> None:
    sentiment = made()

    @sentiment.labeling_function
    def loves(review: str) -> str | None:
        return "positive" if "love" in review else None

    @sentiment.labeling_function
    def refund(review: str) -> str | None:
        return "negative" if "refund" in review else None

    texts = [f"I would love a refund {i}" for i in range(4)] + [f"came late on day {i}" for i in range(9)]
    tacit.add(sentiment, [{"review": t, "l": "negative"} for t in texts[:3]], label="l")
    tacit.add(sentiment, [*texts[3:], "love it"])
    hints = tacit.hints(sentiment)
    (conflict,) = hints.conflicts
    assert (conflict.functions, conflict.n, conflict.says) == (("loves", "refund"), 4, (("positive", "negative", 4),))
    assert (conflict.judged, conflict.right) == (3, (0, 3))
    assert [hints.previews[i] for i in conflict.examples] == texts[:3]
    assert (hints.examples, hints.silent) == (14, 9)
    printed = str(hints)
    for said in ("2 labeling functions of sentiment vote on 5 of 14", "loves / refund", "0 / 3 of 3", texts[0]):
        assert said in printed
    plain = json.loads(json.dumps(hints.to_dict()))
    assert plain["conflicts"][0]["examples"][0] == {"id": conflict.examples[0], "inputs": texts[0]}
    assert plain["silent"] == 9


def test_test_rows_are_neither_mined_nor_shown(folder: Path) -> None:
    started(folder, MAIL)
    tacit.add("mail", mails(), label="label", split="test")
    hints = tacit.hints("mail")
    assert (hints.examples, hints.judged, hints.candidates, hints.uncovered, dict(hints.previews)) == (0, 0, (), (), {})


def test_without_labels_the_votes_are_mined(folder: Path) -> None:
    function = '\n\n@mail.labeling_function\ndef asks(subject, body):\n    return "question" if body.count("?") else "order" if "}" in body else None\n'
    started(folder, MAIL + function)
    rows = mails()
    for row in rows:
        row["body"] += " curious" if "?" in row["body"] else ""
    rows += [{"subject": None, "body": f"curious thing {i}"} for i in range(20)]
    tacit.add("mail", [{"subject": r["subject"], "body": r["body"]} for r in rows])
    hints = tacit.hints("mail")
    assert hints.basis == "votes"
    assert ('body says "curious"', "question") in [(c.cue, c.label) for c in hints.candidates]
    assert "Precision is agreement with the votes" in str(hints)


def test_with_neither_labels_nor_votes_it_says_what_to_do(project: Any) -> None:
    sentiment = made()
    tacit.add(sentiment, ["so good", "so bad", "so what"])
    hints = tacit.hints(sentiment)
    assert (hints.candidates, hints.basis, hints.silent) == ((), "nothing", 3)
    assert "20 labels" in str(hints)
    assert "tacit select sentiment 3" in hints.advice[0]


@pytest.mark.parametrize("rows", [[], ["alone"]])
def test_no_example_and_one_example(project: Any, rows: list[str]) -> None:
    sentiment = made()
    if rows:
        tacit.add(sentiment, rows)
    hints = tacit.hints(sentiment)
    assert (hints.examples, hints.conflicts, hints.uncovered, hints.candidates) == (len(rows), (), (), ())
    assert len(hints.advice) == 1
    assert ("tacit add sentiment FILE" in str(hints)) == (not rows)


def test_labels_of_one_class_or_dealt_ones_offer_nothing(project: Any) -> None:
    sentiment = made()
    tacit.add(sentiment, [{"review": f"it is number {i}", "l": "positive"} for i in range(30)], label="l")
    hints = tacit.hints(sentiment)
    assert hints.candidates == ()
    assert hints.advice == ("In 30 labels nothing that is new tells a class beyond chance.  next: tacit add sentiment FILE",)


def test_images_vectors_and_keys_have_no_cues(project: Any, tiny_pictures: list[Any]) -> None:
    @task
    def side(photo: Image, at: Vector[2], who: Id) -> Literal["left", "right"]: ...

    rows = [r | {"at": [i, 1.0], "who": i % 2} for i, r in enumerate(tiny_pictures)]
    tacit.add(side, rows, label="label")
    hints = tacit.hints(side)
    assert (hints.examples, hints.silent, hints.judged) == (40, 40, 40)
    assert (hints.candidates, hints.uncovered) == ((), ())


def test_a_return_type_that_is_no_category_is_said(project: Any) -> None:
    @task
    def price(review: Text) -> float: ...

    with pytest.raises(NotLearnable, match="hints are mined for categories only"):
        tacit.hints(price)


def test_editing_one_function_asks_that_one_again_and_no_other(project: Any) -> None:
    asked: Mapping[str, Counted] = {"loves": Counted(), "refund": Counted()}

    def declared(word: str) -> Any:
        sentiment = made()

        def loves(review: str) -> str | None:
            asked["loves"].add()
            return "positive" if word in review else None

        def refund(review: str) -> str | None:
            asked["refund"].add()
            return "negative" if "refund" in review else None

        sentiment.labeling_function(loves)
        sentiment.labeling_function(refund)
        return sentiment

    tacit.add(declared("love"), ["love", "refund", "adore"])
    assert tacit.hints(declared("love")).silent == 1
    assert tacit.hints(declared("adore")).silent == 1
    assert tacit.hints(declared("ore")).silent == 1
    assert (asked["loves"].n, asked["refund"].n) == (9, 3)


class Counted:
    """How often a function was asked; an object that is no plain value is no part of the function's code."""

    __slots__ = ("n",)

    def __init__(self) -> None:
        self.n = 0

    def add(self) -> None:
        self.n += 1


def test_trouble_with_a_language_model_and_notes_are_told(project: Any) -> None:
    @task
    def glad(text: Text) -> bool: ...

    glad.labeling_function(llm="http://localhost:9/v1", model="small")(print)
    tacit.add(glad, ["a", "b"])
    advice = tacit.hints(glad).advice
    assert "the language model of print is out of reach: nothing answers at http://localhost:9/v1." in advice[0]
    assert advice[0].endswith("next: start its server, or mend llm=")
    with serving(lambda body: Says("true")) as server:
        glad.labeling_functions.clear()
        glad.labeling_function(llm=server.url, model="small")(print)
        assert tacit.hints(glad).advice[0].startswith("note: print has no price, so what its 210 tokens cost is not known")
