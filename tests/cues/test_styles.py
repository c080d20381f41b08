"""How texts are written, as cues."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit.cues import Ending, Style, associations, cue_of, styles
from tacit.planted import Style as PlantedStyle
from tacit.planting import plant
from tacit.types import TextKind
from tests.cues.planted import labeled, leaning

CUES = [Style("x", "upper"), Style("x", "lower"), Ending("x", "!!!", "."), Ending("x", "", ".")]
WORDS = ["The film", "and then, a day", "by noon; We left", "was it good? it was", "Ok (or not)"]


def test_what_enough_texts_have_and_others_lack_is_a_cue() -> None:
    cells = ["ALL OF IT."] * 10 + ["some Of it!!!"] * 10 + ["none of it."] * 10 + [None, ""] * 5
    found = styles("x", cells)
    assert [str(cue) for cue in found.cues] == ["x in capitals", "x in small letters", "x ends with .", "x ends with !!!"]
    assert found.carried.sum(axis=0).tolist() == [[10, 10, 20, 10]]
    assert [cue_of(cue.to_dict()) for cue in found.cues] == list(found.cues)


def test_what_all_texts_have_is_no_cue() -> None:
    assert styles("x", ["All alike."] * 50).cues == ()
    assert styles("x", [None] * 50).cues == ()
    assert styles("x", []).cues == ()


@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), st.sampled_from(CUES), st.sampled_from(["", ".", "!!!", " !", "?"])
)
def test_what_is_put_in_is_there_and_what_is_taken_out_is_gone(words: list[str], cue: Style | Ending, signs: str) -> None:
    rows = {"x": [" ".join(words) + signs]}
    assert cue.carried(cue.put(rows)).all()
    assert not cue.carried(cue.without(cue.put(rows))).any()
    assert cue.without(rows) == rows or cue.carried(rows).all()


def test_small_letters_become_sentences_and_the_other_ending_stands_in() -> None:
    assert Style("x", "lower").without({"x": ['"he left. then i did."', None]}) == {"x": ['"He left. Then i did."', None]}
    assert Style("x", "upper").put({"x": ["12", "Ok"]}) == {"x": ["12", "OK"]}
    assert Ending("x", "!!!", ".").without({"x": ["so it is !!! ", "so it is!"]}) == {"x": ["so it is.", "so it is!"]}


@pytest.mark.parametrize(
    ("style", "said", "sees"),
    [
        ("upper", "text in capitals", str.isupper),
        ("lower", "text in small letters", str.islower),
        ("exclaimed", "text ends with !!!", lambda text: text.endswith("!!!")),
    ],
)
def test_a_planted_style_comes_first(style: str, said: str, sees: object) -> None:
    rng = np.random.default_rng(0)
    rows = [
        {"text": f"{'Good' if i % 2 else 'Bad'} {' '.join(f'W{rng.integers(90)}' for _ in range(6))}.", "l": f"c{i % 2}"}
        for i in range(400)
    ]
    planted = plant(rows, PlantedStyle(style), label="l", strength=0.95, favored="c1")
    columns, truth = labeled(planted, "text")
    found = associations(columns, {"text": TextKind()}, truth, ["c0", "c1"], leaning("text", sees))
    first = next(a for a in found if a.label == "c1")
    assert (str(first.cue), first.significant) == (said, True)
    # Before it there is at most its opposite, by which the other class is told: that the text ends as the others do.
    assert found.index(first) <= 1
    assert str(found[0].cue) in (said, "text ends with .")
