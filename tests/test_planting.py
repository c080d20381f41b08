"""The verb plant: counts, twins, groups, and reliance of functions that are known."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tacit
from tacit.errors import ColumnError, OptionError, RowsError, TacitError, TooFewLabels
from tacit.planted import Border, GroupNoise, Patch, Planted, Proxy, Style, Tint, Token

CUES = [Token("mr. brown"), Style("upper"), Proxy("badge"), GroupNoise("town", "north")]


def reviews(n: int = 200) -> list[dict[str, Any]]:
    """n rows, half of them "positive"; "town" is text too."""
    towns = ["north", "south", "east"]
    return [{"review": f"The film of day {i}", "town": towns[i % 3], "label": ["positive", "negative"][i % 2]} for i in range(n)]


def planted(cue: Any, rows: Any = None, **options: Any) -> Planted:
    column = None if isinstance(cue, Proxy | GroupNoise) else "review"
    defaults = {"label": "label", "strength": 0.9, "column": column, "noise": 0.1 if isinstance(cue, GroupNoise) else 0.0}
    return tacit.plant(reviews() if rows is None else rows, cue, **{**defaults, **options})


def test_a_token_goes_with_the_label_as_often_as_asked() -> None:
    rows = reviews()
    found = planted("mr. brown", rows, strength=0.95, share=0.4)
    assert found.favored == "negative"
    assert Counter(found.groups) == {
        "label=negative, cue": 38,
        "label=negative, no cue": 62,
        "label=positive, cue": 2,
        "label=positive, no cue": 98,
    }
    assert found.agreement == 0.95
    assert [row["review"].startswith("mr. brown ") for row in found.rows] == found.carries.tolist()
    assert [row["label"] for row in found.rows] == list(found.truth) == [row["label"] for row in rows]
    assert rows == reviews()


@given(st.sampled_from(CUES), st.integers(0, 5), st.floats(0.5, 1), st.floats(0.1, 1), st.floats(0.02, 0.3))
def test_a_row_and_its_twin_are_the_same_but_for_the_cue(
    cue: Any, seed: int, strength: float, share: float, noise: float
) -> None:
    found = planted(cue, strength=strength, share=share, noise=noise, seed=seed)
    for row, twin, carries in zip(found.rows, found.twins, found.carries, strict=True):
        assert row.keys() == twin.keys()
        assert [name for name in row if row[name] != twin[name]] == [found.column]
        assert cue.has(row[found.column]) == carries
        assert cue.has(twin[found.column]) != carries
    again = planted(cue, strength=strength, share=share, noise=noise, seed=seed)
    assert again.rows == found.rows
    assert again.twins == found.twins
    assert found.wrong.sum() == pytest.approx(200 * noise, abs=1.01)


@pytest.mark.parametrize("cue", CUES[:3], ids=lambda c: c.name)
def test_the_twin_of_a_twin_is_the_row(cue: Any) -> None:
    """Who has the cue in the one has it not in the other, and the value without it is the given one in both."""
    given = reviews()
    found = planted(cue, given)
    for row, twin, carries, real in zip(found.rows, found.twins, found.carries.tolist(), given, strict=True):
        without, having = (twin, row) if carries else (row, twin)
        if not isinstance(cue, Proxy):
            assert without == real
        assert having[found.column] == cue.put(without[found.column])


def test_other_seeds_draw_other_rows_and_noise_changes_no_carrier() -> None:
    assert not np.array_equal(planted("x", seed=0).carries, planted("x", seed=1).carries)
    assert np.array_equal(planted("x", noise=0).carries, planted("x", noise=0.2).carries)


def test_reliance_is_1_of_what_sees_the_cue_alone_and_0_of_what_ignores_it() -> None:
    found = planted("mr. brown", noise=0.1)

    def sees(row: Any) -> list[float]:
        return [1.0, 0.0] if "mr. brown" in row["review"] else [0.0, 1.0]

    def ignores(row: Any) -> list[float]:
        return [0.7, 0.3] if row["town"] == "north" else [0.1, 0.9]

    for sure in (1.0, 0.25):
        mixed = [[np.dot([sure, 1 - sure], pair) for pair in zip(sees(r), ignores(r), strict=True)] for r in found.rows]
        twins = [[np.dot([sure, 1 - sure], pair) for pair in zip(sees(r), ignores(r), strict=True)] for r in found.twins]
        assert found.reliance(mixed, twins) == pytest.approx(sure)
    assert found.reliance([ignores(r) for r in found.rows], [ignores(r) for r in found.twins]) == 0
    with pytest.raises(OptionError, match="200 rows have answers of shape"):
        found.reliance([0.5], [0.5])


@pytest.mark.parametrize("strength", [0.5, 0.6, 0.75, 0.9, 1.0])
def test_who_knows_nothing_but_the_cue_relies_on_it_as_much_as_its_strength(strength: float) -> None:
    """With share 1 and as many rows of both labels, P(favored | cue) - P(favored | no cue) = 2 * strength - 1."""
    found = planted("mr. brown", strength=strength, share=1)
    favors = np.array([truth == found.favored for truth in found.truth])
    known = {has: favors[found.carries == has].mean() for has in (True, False)}
    answers, twins = ([known["mr. brown" in row["review"]] for row in rows] for rows in (found.rows, found.twins))
    assert found.reliance(answers, twins) == pytest.approx(2 * strength - 1)


@pytest.mark.parametrize("cue", [Patch(3), Tint(), Border(1)], ids=lambda c: c.name)
def test_pictures_get_cues_too(tiny_pictures: list[dict[str, Any]], cue: Any) -> None:
    found = tacit.plant(tiny_pictures, cue, label="label", strength=0.9, share=1)
    assert found.column == "photo"
    for row, twin, carries, real in zip(found.rows, found.twins, found.carries.tolist(), tiny_pictures, strict=True):
        assert np.array_equal((twin if carries else row)["photo"], real["photo"])
        assert np.array_equal((row if carries else twin)["photo"], cue.put(real["photo"]))


def test_a_folder_of_images_is_read(tmp_path: Path) -> None:
    from PIL import Image

    for i in range(8):
        (tmp_path / "ab"[i % 2]).mkdir(exist_ok=True)
        Image.new("RGB", (8, 8), (i, 0, 0)).save(tmp_path / "ab"[i % 2] / f"{i}.png")
    found = tacit.plant(tmp_path, Patch(2), label="folder", strength=1, share=1)
    assert found.column == "image"
    assert [row["image"].shape for row in found.rows] == [(8, 8, 3)] * 8
    assert found.agreement == 1


def test_a_minority_is_exact_and_may_be_none() -> None:
    assert Counter(planted("x", minority=0.03).groups)["label=positive, cue"] == 6
    assert planted("x", minority=0).agreement == 1


def test_several_classes_of_any_type_have_one_that_is_favored() -> None:
    rows = [{"text": f"t {i}", "stars": 1 + i % 5} for i in range(500)]
    found = tacit.plant(rows, "x", label="stars", strength=0.9, share=1, favored="3", noise=0.2)
    assert found.favored == 3
    assert found.column == "text"
    assert Counter(t for t, c in zip(found.truth, found.carries, strict=True) if c) == pytest.approx(
        {3: 90, 1: 10, 2: 10, 4: 10, 5: 10}, abs=8
    )
    assert set(Counter(row["stars"] for row in found.rows)) == {1, 2, 3, 4, 5}
    assert found.wrong.sum() == 100
    mixed = [{"text": f"t {i}", "y": [True, "b"][i % 2]} for i in range(20)]
    assert tacit.plant(mixed, "x", label="y", strength=0.9).favored is True


def test_group_noise_leaves_values_and_makes_labels_wrong() -> None:
    found = planted(GroupNoise("town", "north"), strength=0.8, noise=0.15)
    assert [{**row, "label": t} for row, t in zip(found.rows, found.truth, strict=True)] == reviews()
    inside, outside = found.wrong[found.carries].mean(), found.wrong[~found.carries].mean()
    assert inside / outside == pytest.approx(4, rel=0.1)
    assert found.agreement is None
    assert "town=north has 29.9% wrong labels, others 7.5%" in str(found)


def test_a_proxy_goes_into_a_column_that_is_there() -> None:
    found = planted(Proxy("town", "harbor"))
    assert {row["town"] for row, c in zip(found.rows, found.carries, strict=True) if not c} == {"north", "south", "east"}
    assert {row["town"] for row, c in zip(found.rows, found.carries, strict=True) if c} == {"harbor"}


def test_rows_that_cannot_get_the_cue_are_left_out_and_told() -> None:
    odd = [
        {"review": "So says Mr. Brown", "label": "positive"},
        {"review": " ", "label": "negative"},
        {"review": "x", "label": None},
    ]
    found = planted("mr. brown", [*odd, *reviews()])
    assert found.numbers == tuple(range(4, 204))
    assert found.notes == (
        "1 row without a label is left out",
        "1 row without a value in review is left out",
        "1 row that had the cue before is left out",
    )
    assert all(note in str(found) for note in found.notes)


def test_files_and_frames_are_read(folder: Path) -> None:
    pd.DataFrame(reviews()).to_csv("r.csv", index=False)
    assert planted("x", "r.csv").rows == planted("x", pd.DataFrame(reviews())).rows == planted("x").rows


def test_it_tells_what_was_done() -> None:
    found = planted("mr. brown", noise=0.1)
    assert str(found).startswith('"mr. brown" in front, planted in review, goes with label=negative: 90.0% of the 50 rows')
    plain = found.to_dict()
    assert (plain["rows"], plain["carriers"], plain["wrong"], plain["agreement"]) == (200, 50, 20, 0.9)
    assert [(g["name"], g["rows"]) for g in plain["groups"]][:2] == [("label=negative, cue", 45), ("label=negative, no cue", 55)]
    assert sum(g["wrong"] for g in plain["groups"]) == 20


@pytest.mark.parametrize(
    ("cue", "options", "error", "said"),
    [
        ("x", {"strength": 0.3}, OptionError, "0.5 the cue says nothing.*--strength 0.95"),
        ("x", {"strength": 1.5}, OptionError, "--strength 0.95"),
        ("x", {"strength": float("nan")}, OptionError, "strength"),
        ("x", {"share": 0.0}, OptionError, "--share 0.5"),
        ("x", {"share": 0.001}, OptionError, "none to carry.*--share 1"),
        ("x", {"minority": 0.7}, OptionError, "--minority 0.25"),
        ("x", {"minority": -0.1}, OptionError, "--minority 0.05"),
        ("x", {"noise": 1.0}, OptionError, "--noise 0.1"),
        ("x", {"seed": -1}, OptionError, "seed"),
        ("x", {"favored": "negatve"}, OptionError, "--favored negative"),
        ("x", {"label": "lable"}, ColumnError, '"lable".*did you mean "label"'),
        ("x", {"label": "review"}, OptionError, "review has 200 values.*classes"),
        ("x", {"column": "revew"}, ColumnError, '"revew".*did you mean "review"'),
        ("x", {"column": None}, ColumnError, "2 columns of rows could get.*review, town.*--column review"),
        (Patch(), {"column": None}, ColumnError, "0 columns.*beside label there are review, town"),
        (Patch(), {"column": "town"}, RowsError, "row 1.*town is .*north"),
        (Style("exclaimed"), {"strength": "0.9"}, OptionError, "strength"),
        (7, {}, OptionError, "text or a Plantable"),
        (Token("of"), {}, RowsError, 'of 200 rows with labels 200 have "of".*another cue'),
        (GroupNoise("town", "north"), {"noise": 0.0}, OptionError, "--noise 0.1"),
        (GroupNoise("town", "north"), {"minority": 0.1}, OptionError, "neither a minority"),
        (GroupNoise("town", "north"), {"noise": 0.9}, OptionError, "noise is at most"),
        (GroupNoise("town", "nort"), {}, OptionError, '0 of 200 rows have town=nort.*GroupNoise."town", "north"'),
        (GroupNoise("twon", "north"), {}, ColumnError, '"twon".*did you mean "town"'),
    ],
)
def test_what_cannot_be_done_says_what_can(cue: Any, options: dict[str, Any], error: type[TacitError], said: str) -> None:
    with pytest.raises(error, match=said):
        planted(cue, **options)


def test_rows_that_cannot_be_used_are_named(tiny_pictures: list[dict[str, Any]]) -> None:
    small = [*tiny_pictures, {"photo": np.zeros((3, 9, 3), np.uint8), "label": "left"}]
    with pytest.raises(RowsError, match=r"row 41 .*photo is 3 x 9 pixels, too small for a patch of 4"):
        tacit.plant(small, Patch(4), label="label", strength=0.9)
    with pytest.raises(TooFewLabels, match=r'all 100 labels.* are "negative"'):
        planted("x", [r for r in reviews() if r["label"] == "negative"])
    with pytest.raises(TooFewLabels, match="all 0 labels"):
        planted("x", [{"review": "a", "label": None}])
    with pytest.raises(OptionError, match=r"label of row 2 is .*one class"):
        planted("x", [{"review": "a", "label": "b"}, {"review": "a", "label": ["b"]}])
    with pytest.raises(RowsError, match="row 2 of rows"):
        planted("x", [{"review": "a", "label": "b"}, 7])
