"""Our counts of n-grams against scikit-learn's."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from tacit.learners import ngrams
from tacit.learners.ngrams import count

TEXTS = [
    "What's the price of 2 tickets?",
    "the price, the PRICE; the price!",
    "",
    "  \n\t ",
    "a",
    "Größe über ÉTÉ — naïve…",
    "日本語 テスト",
    "free £1000 prize!!! call 0800-123 now",
    "tab\tand\nline",
    "w" * 200,
]


def edged_words(text: str) -> list[str]:
    words = re.findall(r"\w+|[^\w\s]", text.lower())
    edged = ["\x02", *words, "\x02"] if words else []
    return words + [f"{a} {b}" for a, b in itertools.pairwise(edged)]


KNOWN = {
    "words": {"analyzer": edged_words},
    "chars": {"analyzer": "char_wb", "ngram_range": (2, 5)},
}


def products(texts: list[str], family: str) -> np.ndarray:
    """How alike texts are: what they have in common, whatever the n-grams are called."""
    found = np.zeros((len(texts), len(texts)))
    tables: list[dict[int, int]] = []
    for chunk in count(texts, family):
        mine: list[dict[int, int]] = [{} for _ in range(chunk.n)]
        for text, gram, times in zip(chunk.text, chunk.gram, chunk.count, strict=True):
            mine[text][int(chunk.grams[gram])] = int(times)
        tables += mine
    for i, a in enumerate(tables):
        for j, b in enumerate(tables):
            found[i, j] = sum(times * b.get(gram, 0) for gram, times in a.items())
    return found


@pytest.mark.parametrize("family", ngrams.FAMILIES)
def test_counts_are_those_of_scikit_learn(family: str) -> None:
    known = CountVectorizer(**KNOWN[family]).fit_transform(TEXTS).astype(float)
    assert np.array_equal(products(TEXTS, family), (known @ known.T).toarray())


@pytest.mark.parametrize("family", ngrams.FAMILIES)
@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.text(alphabet="ab é?_ \t1", max_size=12), min_size=1, max_size=4))
def test_counts_of_any_text_are_those_of_scikit_learn(family: str, texts: list[str]) -> None:
    sklearn = CountVectorizer(**KNOWN[family])
    analyze = sklearn.build_analyzer()
    if not any(analyze(t) for t in texts):
        assert all(len(c.gram) == 0 for c in count(texts, family))
        return
    known = sklearn.fit_transform(texts).astype(float)
    assert np.array_equal(products(texts, family), (known @ known.T).toarray())


@pytest.mark.parametrize("family", ngrams.FAMILIES)
def test_how_texts_are_cut_into_chunks_does_not_show(family: str) -> None:
    many = [f"{t} {i}" for i in range(400) for t in TEXTS]
    chunks = list(count(many, family))
    assert len(chunks) > 1
    assert sum(c.n for c in chunks) == len(many)
    last = next(count(many[-1:], family))
    tail = chunks[-1].text == chunks[-1].n - 1
    assert np.array_equal(chunks[-1].grams[chunks[-1].gram[tail]], last.grams[last.gram])


def test_no_texts_have_no_chunks() -> None:
    assert list(count([], "words")) == []


def test_vowel_signs_belong_to_their_word() -> None:
    (chunk,) = count(["हिन्दी"], "words")
    assert len(chunk.gram) == 3  # the word, and a pair with each edge
