"""Cues that can be planted, the draws behind them, and reliance."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tacit.errors import OptionError
from tacit.planted import (
    Border,
    GroupNoise,
    Length,
    Patch,
    Plantable,
    Proxy,
    Style,
    Tint,
    Token,
    carriers,
    reliance,
    wrong,
    wrong_by_group,
)
from tacit.types import Unfit

TEXTS = [Token("mr. brown"), Token("(c)", at="end"), Style("upper"), Style("lower"), Style("exclaimed"), Length(12)]
PICTURES = [
    Patch(),
    Patch(size=2, color=(0, 200, 0), corner="bottom-right"),
    Border(),
    Border(width=1, color=(0, 0, 0)),
    Tint(),
    Tint((0, 0, 255), 0.6),
]
SHAPES = [(9, 7), (9, 7, 1), (9, 7, 3), (9, 7, 4)]


@pytest.mark.parametrize("cue", [*TEXTS, *PICTURES, Proxy("badge")], ids=lambda c: c.name)
def test_every_cue_does_what_a_cue_does(cue: Any) -> None:
    assert isinstance(cue, Plantable)
    assert not isinstance(GroupNoise("town", "north"), Plantable)
    assert hash(cue) == hash(type(cue)(**vars(cue)))


class TestTexts:
    @given(st.text(min_size=1), st.sampled_from(TEXTS))
    def test_what_has_got_a_cue_has_it(self, text: str, cue: Any) -> None:
        try:
            value = cue.read(text)
        except Unfit:
            return
        if value is not None:
            assert cue.has(cue.put(value))
            assert cue.has(value) or cue.put(value) != value

    def test_a_token_is_in_a_text_as_whole_words_however_they_are_written(self) -> None:
        cue = Token("mr. brown")
        assert cue.has("I met Mr. Brown.")
        assert not cue.has("the brownie of mr. browning")
        assert Token("(c)").has("this is (C) mine")
        assert cue.put("hello") == "mr. brown hello"
        assert Token("ok", at="end").put("hello") == "hello ok"

    def test_a_style_is_for_the_whole_text(self) -> None:
        assert Style("upper").put("Fine, thanks") == "FINE, THANKS"
        assert Style("exclaimed").put("Fine, thanks.") == "Fine, thanks!!!"
        assert Style("upper").has("OK 12")
        assert Style("lower").has("12")

    def test_a_length_says_the_text_again(self) -> None:
        assert Length(7).put("one  two three") == "one  two three one two three one"
        assert Length(3).has("one two three")
        assert not Length(4).has("one two three")
        with pytest.raises(Unfit, match="no word"):
            Length(4).put(" ")

    def test_what_is_no_text_is_refused_and_nothing_is_none(self) -> None:
        assert Token("x").read(None) is Token("x").read("  ") is None
        with pytest.raises(Unfit):
            Style("upper").read(7)

    @pytest.mark.parametrize(
        ("make", "said"),
        [
            (lambda: Token("  "), 'Token."mr. brown"'),
            (lambda: Token("x", at="middle"), 'at="start"'),  # type: ignore[arg-type]
            (lambda: Style("uper"), "Style..upper"),
            (lambda: Patch(size=0), "size=2"),
            (lambda: Border(width=-1), "width=2"),
            (lambda: Tint(amount=1.0), "amount=0.2"),
            (lambda: Patch(color=(256, 0, 0)), "color="),
            (lambda: Patch(corner="top"), 'corner="top-left"'),
        ],
    )
    def test_a_cue_that_makes_no_sense_says_what_does(self, make: Any, said: str) -> None:
        with pytest.raises(OptionError, match=said):
            make()


class TestPictures:
    @pytest.mark.parametrize("shape", SHAPES, ids=str)
    @pytest.mark.parametrize("cue", PICTURES, ids=lambda c: f"{c.name} {c.color}")
    def test_a_cue_keeps_shape_and_original_and_a_patch_all_other_pixels(self, cue: Any, shape: tuple[int, ...]) -> None:
        pixels = np.random.default_rng(0).integers(1, 250, shape, dtype=np.uint8)
        before = pixels.copy()
        planted = cue.put(cue.read(pixels))
        assert planted.shape == shape
        assert planted.dtype == np.uint8
        assert np.array_equal(pixels, before)
        assert not cue.has(pixels)
        if isinstance(cue, Tint):
            if shape[-1] == 4:
                assert np.array_equal(planted[..., 3], pixels[..., 3])
            return
        assert cue.has(planted)
        changed = (planted != pixels).reshape(9, 7, -1).any(axis=2)
        inside = np.zeros((9, 7), dtype=bool)
        if isinstance(cue, Border):
            inside[:] = True
            inside[cue.width : -cue.width, cue.width : -cue.width] = False
        elif cue.corner == "top-left":
            inside[: cue.size, : cue.size] = True
        else:
            inside[-cue.size :, -cue.size :] = True
        assert np.array_equal(changed, inside)

    def test_the_color_is_that_of_the_pixels(self) -> None:
        black = np.zeros((8, 8, 3), np.uint8)
        assert Patch(2, (10, 20, 30)).put(black)[0, 0].tolist() == [10, 20, 30]
        assert Tint((100, 200, 0), 0.5).put(black)[4, 4].tolist() == [50, 100, 0]
        assert Patch(2, (0, 255, 0)).put(np.zeros((8, 8), np.uint8))[0, 0] == 150
        assert Border(1, (1, 2, 3)).put(np.zeros((8, 8, 4), np.uint8))[0, 5].tolist() == [1, 2, 3, 255]

    @pytest.mark.parametrize(
        ("mode", "shape"), [("RGB", (6, 5, 3)), ("L", (6, 5)), ("RGBA", (6, 5, 4)), ("P", (6, 5, 3)), ("1", (6, 5, 3))]
    )
    def test_files_bytes_and_pillow_become_arrays(self, tmp_path: Any, mode: str, shape: tuple[int, ...]) -> None:
        image = Image.new(mode, (5, 6))
        image.save(tmp_path / "a.png")
        data = io.BytesIO()
        image.save(data, "PNG")
        for value in (image, data.getvalue(), tmp_path / "a.png", str(tmp_path / "a.png")):
            assert Patch(2).read(value).shape == shape  # type: ignore[union-attr]
        assert Patch(2).read(b"") is None

    @pytest.mark.parametrize(("cue", "size"), [(Patch(4), 4), (Border(2), 4)])
    def test_no_image_is_covered(self, cue: Any, size: int) -> None:
        with pytest.raises(Unfit, match=f"{size} x 9 pixels, too small"):
            cue.put(np.zeros((size, 9, 3), np.uint8))
        cue.put(np.zeros((size + 1, 9, 3), np.uint8))


def test_a_proxy_fills_gaps_and_knows_its_value() -> None:
    cue = Proxy("zip", "94110", "other")
    assert cue.read(None) == "other"
    assert cue.read(7) == 7
    assert cue.has(94110)
    assert not cue.has("other")
    assert cue.put("other") == "94110"


class TestDraws:
    @given(
        st.integers(1, 200),
        st.integers(1, 200),
        st.floats(0.5, 1),
        st.floats(0.1, 1),
        st.integers(0, 9),
    )
    def test_counts_are_those_of_the_formula(self, f: int, others: int, strength: float, share: float, seed: int) -> None:
        favored = np.random.default_rng(seed).permutation(np.arange(f + others) < f)
        try:
            drawn = carriers(favored, strength=strength, share=share, minority=None, chance=np.random.default_rng(seed))
        except OptionError:
            assert f * share * strength < 0.5
            return
        assert abs((drawn & favored).sum() - f * share * strength) <= 0.5 + 1e-9
        assert abs((drawn & ~favored).sum() - others * share * (1 - strength)) <= 0.5 + 1e-9
        again = carriers(favored, strength=strength, share=share, minority=None, chance=np.random.default_rng(seed))
        assert np.array_equal(drawn, again)

    def test_more_strength_moves_no_other_rows(self) -> None:
        favored = np.arange(400) % 2 == 0
        weak, strong = (
            carriers(favored, strength=s, share=0.5, minority=None, chance=np.random.default_rng(0)) for s in (0.6, 0.9)
        )
        assert (strong & favored)[weak & favored].all()
        assert (weak & ~favored)[strong & ~favored].all()

    @given(st.integers(0, 100), st.integers(0, 9))
    def test_a_minority_is_exact(self, count: int, seed: int) -> None:
        favored = np.arange(200) < 100
        drawn = carriers(favored, strength=0.9, share=1, minority=count / 200, chance=np.random.default_rng(seed))
        assert (drawn & ~favored).sum() == count
        assert (drawn & favored).sum() == 90

    def test_what_there_are_no_rows_for_is_refused(self) -> None:
        with pytest.raises(OptionError, match=r"is 160, and 100 have another label.*--minority 0.25"):
            carriers(np.arange(200) < 100, strength=0.9, share=1, minority=0.8, chance=np.random.default_rng(0))
        with pytest.raises(OptionError, match=r"none to carry the cue.*--share 1"):
            carriers(np.arange(200) < 4, strength=0.9, share=0.01, minority=None, chance=np.random.default_rng(0))

    @given(st.integers(1, 99), st.floats(0.5, 1), st.floats(0.01, 0.9), st.integers(0, 9))
    def test_a_group_has_its_share_of_wrong_labels(self, inside: int, strength: float, noise: float, seed: int) -> None:
        group = np.arange(100) < inside
        rate = 100 * noise / (inside * strength + (100 - inside) * (1 - strength))
        try:
            drawn = wrong_by_group(group, strength=strength, noise=noise, chance=np.random.default_rng(seed))
        except OptionError:
            assert rate * strength > 1
            return
        assert abs(drawn.sum() - 100 * noise) <= 1 + 1e-9
        assert abs((drawn & group).sum() - inside * rate * strength) <= 0.5 + 1e-9

    def test_the_most_noise_that_is_named_is_possible(self) -> None:
        group = np.arange(100) < 10
        with pytest.raises(OptionError, match=r"noise is at most 0.2"):
            wrong_by_group(group, strength=0.9, noise=0.5, chance=np.random.default_rng(0))
        assert wrong_by_group(group, strength=0.9, noise=0.2, chance=np.random.default_rng(0))[:10].all()
        assert wrong(50, 0.1, np.random.default_rng(0)).sum() == 5


class TestReliance:
    def test_it_is_the_total_variation_of_probabilities(self) -> None:
        one, other = np.array([[0.7, 0.2, 0.1], [0, 0, 1]]), np.array([[0.1, 0.2, 0.7], [0, 1, 0]])
        assert reliance(one, other) == pytest.approx((0.6 + 1) / 2)

    def test_it_is_the_distance_of_numbers_and_the_share_of_classes_that_differ(self) -> None:
        assert reliance([0.5, 1.0], [0, 1]) == pytest.approx(0.25)
        assert reliance([3, 1], [1, 1]) == 0.5
        assert reliance([True, False], [False, True]) == 1
        assert reliance(["a", "b", "c"], ["a", "b", "d"]) == pytest.approx(1 / 3)

    @given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=20))
    def test_it_is_symmetric_from_0_to_1_and_0_of_itself(self, drawn: list[tuple[float, float]]) -> None:
        one, other = (np.array([[p, 1 - p] for p in column]) for column in zip(*drawn, strict=True))
        assert reliance(one, other) == reliance(other, one)
        assert 0 <= reliance(one, other) <= 1 + 1e-12
        assert reliance(one, one) == 0

    @pytest.mark.parametrize(("one", "other"), [([1], [1, 2]), ([], []), ([[0.5, 0.5]], [0.5]), (0.5, 0.5)])
    def test_other_shapes_are_refused(self, one: Any, other: Any) -> None:
        with pytest.raises(OptionError, match=r"\(n,\) or \(n, k\)"):
            reliance(one, other)
