"""Columns -> features: scales, levels, moments, texts, images."""

from __future__ import annotations

import datetime as dt
import enum
import io
import json
import math

import numpy as np
import pytest
from PIL import Image
from sklearn.feature_extraction.text import TfidfVectorizer

from tacit.learners import Cache, Data, settle
from tacit.learners.features import Codes, Levels, Raw, fit_numbers, fit_raw, frequent, pack, unpack
from tacit.learners.pixels import fit_pixels, thumbnail
from tacit.learners.texts import fit_grams, fit_topics
from tacit.types import Category, Key, Kind, Maybe, Moment, Number, TextKind, VectorKind

WORDS = ["a cat sat", "the cat ran!", "a dog ran", "the dog sat?", "no pets", "a cat, a dog"] * 10


class Mood(enum.Enum):
    GLAD = "glad"
    SAD = (1, 2)


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def test_numbers_have_one_scale_and_outliers_set_none() -> None:
    values = [*np.random.default_rng(0).normal(50, 10, size=500).tolist(), 1e12, None]
    numbers = fit_numbers({"x": Maybe(Number())}, {"x": values}, ranks=False)
    assert numbers is not None
    found = numbers.encode({"x": [50.0, 60.0, 1e300, -1e300, None]})
    assert found[:, 0] == pytest.approx([0, 1, 8, -8, 0], abs=0.15)
    assert found[:, 1].tolist() == [0, 0, 0, 0, 1]


def test_ranks_are_alike_whatever_the_shape_of_the_numbers() -> None:
    x = np.random.default_rng(0).normal(size=2000)
    kinds: dict[str, Kind] = {"x": Number()}
    plain, bent = (fit_numbers(kinds, {"x": v.tolist()}, ranks=True) for v in (x, np.exp(3 * x)))
    assert plain is not None
    assert bent is not None
    first = plain.encode({"x": x.tolist()})[:, 0]
    assert np.allclose(first, bent.encode({"x": np.exp(3 * x).tolist()})[:, 0], atol=0.25)
    assert np.corrcoef(first, x)[0, 1] > 0.99


def test_a_constant_and_a_missing_column_are_zero_everywhere() -> None:
    for values in ([7.0] * 20, [None] * 20):
        for ranks in (False, True):
            numbers = fit_numbers({"x": Maybe(Number())}, {"x": values}, ranks=ranks)
            assert numbers is not None
            found = numbers.encode({"x": [7.0, 8.0, -1e300, None]})
            assert np.all(found[:, 0] == 0)


def test_moments_tell_days_years_and_turns() -> None:
    raw = fit_raw({"at": Moment(has_time=True)})
    noon = dt.datetime(2024, 7, 1, 12)
    (there,) = raw.encode({"at": [noon]})
    assert there[:3].tolist() == [pytest.approx(19905.5), 2024, 1]
    assert there[-2:].tolist() == pytest.approx([math.sin(math.pi), -1])
    east = noon.replace(tzinfo=dt.timezone(dt.timedelta(hours=12)))
    assert raw.encode({"at": [east]})[0, 0] == pytest.approx(19905.0)


def test_vectors_and_missing_values_stand_side_by_side() -> None:
    raw = fit_raw({"v": VectorKind(2), "n": Number(whole=True)})
    found = raw.encode({"v": [(1.0, 2.0), None], "n": [3, None]})
    assert np.array_equal(found, [[1, 2, 3], [np.nan] * 3], equal_nan=True)


def test_levels_are_columns_and_codes_are_positions() -> None:
    values = ["b", "a", "b", None, Mood.GLAD, Mood.SAD, 7, "7"]
    levels = frequent(values, most=10)
    assert levels[0] == "b"
    assert {"glad", "SAD", 7, "7", None} <= set(levels)
    found = Levels("x", levels).encode({"x": ["a", "new", {"a", "b"}, set()]}).toarray()
    assert found.sum(axis=1).tolist() == [1, 0, 2, 0]
    codes = Codes("x", levels).encode({"x": ["b", Mood.GLAD, "new"]})
    assert codes[0, 0] == 0
    assert math.isnan(codes[2, 0])
    assert frequent(["a", "b", "b"], most=1) == ["b"]


def test_encoders_survive_json_and_arrays() -> None:
    numbers = fit_numbers({"x": Number()}, {"x": [1.0, 2.0, 4.0]}, ranks=True)
    assert numbers is not None
    mine = [numbers, Levels("c", ["a", None, 3]), fit_raw({"x": Number()})]
    described, arrays = pack(mine)
    back = unpack(json.loads(json.dumps(described)), arrays, (type(numbers), Levels, Raw))
    columns = {"x": [1.5, 9.0], "c": [3, None]}
    for before, after in zip(mine, back, strict=True):
        left, right = before.encode(columns), after.encode(columns)
        assert np.array_equal(getattr(left, "toarray", lambda v=left: v)(), getattr(right, "toarray", lambda v=right: v)())


def test_tfidf_is_that_of_scikit_learn() -> None:
    grams, features = fit_grams("t", WORDS, "chars", most=10**6, deadline=None)
    known = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2).fit_transform(WORDS)
    assert features.shape == known.shape
    assert np.allclose((features @ features.T).toarray(), (known @ known.T).toarray(), atol=1e-6)
    assert np.allclose(grams.encode({"t": WORDS}).toarray(), features.toarray())


def test_a_vocabulary_is_capped_at_the_most_frequent() -> None:
    grams, features = fit_grams("t", WORDS, "words", most=5, deadline=None)
    assert features.shape[1] == len(grams.vocabulary) == 5
    assert (np.diff(grams.vocabulary.astype(float)) > 0).all()


def test_topics_tell_texts_apart_and_are_the_same_every_time() -> None:
    one, two = (fit_topics("t", WORDS, most=1000, deadline=None) for _ in range(2))
    found = one.encode({"t": [*WORDS, None]})
    assert np.array_equal(found, two.encode({"t": [*WORDS, None]}))
    assert np.linalg.norm(found[0, 4:] - found[6, 4:]) < 1e-9 < np.linalg.norm(found[0, 4:] - found[1, 4:])
    assert fit_topics("t", [None], most=10, deadline=None).encode({"t": ["x"]}).shape == (1, 4)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F"])
def test_images_of_any_mode_and_size_become_small_rgb(mode: str) -> None:
    image = Image.new("RGB", (50, 20), "white").convert("L" if mode in ("I;16", "I", "F") else mode)
    if mode in ("I;16", "I", "F"):
        image = Image.fromarray((np.asarray(image).astype(np.uint16) * 257).astype({"I;16": "u2", "I": "i4", "F": "f4"}[mode]))
    out = io.BytesIO()
    image.save(out, "TIFF")
    small = thumbnail(out.getvalue(), 16)
    assert small.shape == (16, 16, 3)
    assert small.min() >= 250


def test_what_is_transparent_is_white() -> None:
    assert thumbnail(png(Image.new("RGBA", (8, 8), (0, 0, 0, 0))), 8).min() == 255
    assert thumbnail(np.zeros((8, 8, 4), np.uint8), 8).min() == 255


def test_images_set_their_size_and_gray_ones_stay_gray() -> None:
    rng = np.random.default_rng(0)
    gray = [rng.integers(255, size=(12, 10), dtype=np.uint8) for _ in range(20)] + [None]
    pixels, features = fit_pixels("i", gray, cache=Cache(), deadline=None)
    assert (pixels.side, pixels.gray) == (12, True)
    assert features.shape == (21, 144)
    assert np.all(features[-1] == 0)
    assert np.allclose(pixels.encode({"i": gray}), features)
    color = [rng.integers(255, size=(90, 70, 3), dtype=np.uint8) for _ in range(5)]
    assert fit_pixels("i", color, edges=True, cache=Cache(), deadline=None)[1].shape == (5, 32 * 32 * 3 + 8 * 8 * 8)


def test_a_str_is_a_category_where_it_repeats_itself_and_else_text() -> None:
    def kind(values: list[str | None], declared: Kind) -> Kind:
        data = Data(
            {"x": declared}, {"x": values}, Category((False, True), "bool"), np.eye(2)[[0] * len(values)], np.ones(len(values))
        )
        return settle(data).kinds["x"]

    cities = ["Rome", "Oslo", "Bonn", None] * 10
    assert kind(cities, TextKind("str")) == Key()
    assert kind(cities, Maybe(TextKind("str"))) == Maybe(Key())
    assert kind([f"customer {i} was here" for i in range(40)], TextKind("str")) == TextKind()
    assert kind(["the same long sentence about nothing in particular, again"] * 40, TextKind("str")) == TextKind()
    assert kind(cities, TextKind()) == TextKind()
    assert kind([None] * 5, Maybe(TextKind("str"))) == Maybe(Key())
