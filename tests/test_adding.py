"""The verbs add and label on the open project."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest

import tacit
from tacit import Text, task
from tacit.errors import OptionError, OutsideType, UnknownTask


def made() -> Any:
    @task
    def sentiment(review: Text) -> Literal["positive", "negative"]:
        """?"""

    return sentiment


def test_add_remembers_the_task_and_sets_misfits_aside_in_the_project(project: Any) -> None:
    added = tacit.add(made(), [{"review": "fine", "l": "positive"}, {"review": "", "l": "negative"}], label="l")
    assert (added.n, added.labels, added.rejected) == (1, 1, 1)
    assert added.set_aside == project.hidden / "set-aside" / "rows.csv"
    assert project.store.signatures()["sentiment"]["output"] == "Literal['positive', 'negative']"


def test_rows_that_were_there_already_are_never_moved_into_the_test(project: Any) -> None:
    rows = [{"review": f"text {i}", "l": "positive"} for i in range(3)]
    tacit.add(made(), rows, label="l")
    again = tacit.add(made(), [*rows, {"review": "new", "l": "negative"}], label="l", split="test")
    assert (again.n, again.kept, again.to_dict()["kept"]) == (1, 3, 3)
    assert "3 rows were there already, and keep the split that they came in with" in str(again)
    assert [len(batch) for batch in project.store.examples("sentiment", split="test")] == [1]
    assert "keep the split" not in str(tacit.add(made(), rows, label="l"))


def test_a_label_is_stored_under_its_person_and_a_wrong_one_is_refused(project: Any) -> None:
    sentiment = made()
    tacit.add(sentiment, ["one"])
    (example,) = tacit.select(sentiment, 1).examples
    label = tacit.label(sentiment, example.id[:6], "positive", by="ana")
    assert (label.example, label.value, label.by, label.source) == (example.id, "positive", "ana", "human")
    with pytest.raises(OutsideType, match='"positive"'):
        tacit.label(sentiment, example.id, "positve", by="ana")
    assert len(project.store.labels("sentiment")) == 1


def test_an_unknown_task_or_split_is_refused(project: Any, folder: Path) -> None:
    with pytest.raises(UnknownTask):
        tacit.add("nothing", ["x"])
    with pytest.raises(OptionError, match='"train"'):
        tacit.add(made(), ["x"], split="tets")


def test_a_cut_picture_is_set_aside_with_its_name(project: Any, tiny_pictures: list[dict[str, Any]]) -> None:
    from PIL import Image as Pictures

    @task
    def side(photo: tacit.Image) -> Literal["left", "right"]:
        """?"""

    for i, row in enumerate(tiny_pictures[:8]):
        file = project.root / "photos" / row["label"] / f"{i}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        Pictures.fromarray(row["photo"]).save(file)
    cut = project.root / "photos" / "left" / "3.jpg"
    cut.write_bytes(cut.read_bytes()[:-80])
    added = tacit.add(side, project.root / "photos", label="folder")
    assert (added.n, added.rejected) == (7, 1)
    assert added.problems[0].startswith("row 2 photo is a damaged image file (")
    assert added.problems[0].endswith('photos/left/3.jpg"')
    assert added.set_aside is not None
    assert "left/3.jpg" in added.set_aside.read_text(encoding="utf-8")
