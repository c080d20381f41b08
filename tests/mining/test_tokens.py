"""Tokens of texts, beside what a slow and simple reading of them finds."""

from __future__ import annotations

import itertools
import re

from hypothesis import given
from hypothesis import strategies as st

from tacit.mining.tokens import tokens


def read(texts: list[str], least: int = 1) -> list[dict[tuple[str, ...], list[int]]]:
    """Token -> the texts that it is in, of each kind: words, beginnings, pairs, pieces."""
    kinds = []
    for found in tokens(texts, least):
        held: dict[tuple[str, ...], list[int]] = {t: [] for t in found.tokens}
        for text, place in zip(found.texts.tolist(), found.places.tolist(), strict=True):
            held[found.tokens[place]].append(text)
        kinds.append(held)
    return kinds


@given(st.lists(st.text("ab_1 .,!-", max_size=12), min_size=1, max_size=6))
def test_words_beginnings_pairs_and_signs_are_those_of_a_simple_reading(texts: list[str]) -> None:
    words, begins, pairs, pieces = read(texts)
    spoken = [re.findall(r"\w+", t) for t in texts]
    assert {t: sorted(rows) for t, rows in words.items()} == {
        (w,): [i for i, s in enumerate(spoken) if w in s] for s in spoken for w in s
    }
    assert begins == {(s[0],): [i for i, o in enumerate(spoken) if o and o[0] == s[0]] for s in spoken if s}
    assert set(pairs) == {pair for s in spoken for pair in itertools.pairwise(s)}
    for (piece,), rows in pieces.items():
        assert rows == [i for i, t in enumerate(texts) if piece in t]
    assert {p for (p,) in pieces if len(p) == 1} == {c for t in texts for c in t if c in ".,!-"}


def test_a_token_has_to_be_in_enough_texts() -> None:
    words, begins, pairs, _ = read(["so good", "so bad", "bad"], least=2)
    assert words == {("so",): [0, 1], ("bad",): [1, 2]}
    assert begins == {("so",): [0, 1]}
    assert pairs == {}


def test_letters_keep_their_marks_and_scripts_without_spaces_come_in_pieces() -> None:
    words, _, _, pieces = read(["किताब अच्छी", "o\u0323ro\u0300 re", "我要退款", "สวัสดี!"])
    assert {w for (w,) in words} == {"किताब", "अच्छी", "o\u0323ro\u0300", "re"}
    assert pieces[("退款",)] == [2]
    assert pieces[("要退款",)] == [2]
    assert pieces[("!",)] == [3]
    assert ("退",) not in pieces


def test_what_cannot_be_seen_is_no_sign_and_an_address_no_word() -> None:
    words, _, _, pieces = read(["\ufeffhello\u200b", "a" * 41])
    assert words == {("hello",): [0]}
    assert pieces == {}
    assert [found.tokens for found in tokens([], 1)] == [[], [], [], []]
