"""Texts as sets of runs of characters, and the pairs of texts that share most of them: MinHash, then an exact comparison."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.selection.blocks import pieces

__all__ = ["close_pairs", "shingles"]

_RUN = 5
_BANDS, _HASHES = 25, 5
_CROWD = 50
_BLOCK = 1 << 16
_SURE = 0.2
"""So far below the threshold the share of equal hashes never is for a pair above it: 5 standard errors of 125 hashes."""

_MIX = np.uint64(0x9E3779B97F4A7C15)

Hashes = NDArray[np.uint64]


def shingles(texts: Sequence[str]) -> Any:
    """(n, 2^30) scipy.sparse.csr_matrix of float32, 1 for each run of five characters that a text has, hashed to 30 bits.

    Runs that begin in the text and end after it are counted too, so that a text of one character has one.
    """
    from scipy.sparse import csr_matrix

    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    characters = np.frombuffer(("\0" * (_RUN - 1)).join([*texts, ""]).encode("utf-32-le", "surrogatepass"), "<u4")
    hashed = np.zeros(max(0, len(characters) - _RUN + 1), np.uint64)
    for i in range(_RUN):  # wraps around, as hashes may
        hashed = (hashed + characters[i : i + len(hashed)]) * _MIX
        hashed ^= hashed >> np.uint64(29)
    ends = np.concatenate([[0], np.cumsum(lengths)])
    inside = np.arange(ends[-1]) + np.repeat((_RUN - 1) * np.arange(len(texts)), lengths)
    columns = (hashed[inside] >> np.uint64(34)).astype(np.int32)
    found = csr_matrix((np.ones(len(columns), np.float32), columns, ends), shape=(len(texts), 1 << 30))
    found.sum_duplicates()
    found.data[:] = 1
    return found


def close_pairs(sets: Any, least: float, seed: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """(m, 2) rows of a matrix of `shingles`, the smaller first, whose Jaccard similarity is at least so much, and (m,) what it is."""
    signs = _signatures(sets, seed)
    found = []
    for band in range(_BANDS):
        key = np.zeros(len(signs), np.uint64)
        for column in range(band * _HASHES, (band + 1) * _HASHES):
            key = (key ^ signs[:, column]) * _MIX
            key ^= key >> np.uint64(31)
        found.append(_meetings(key))
    pairs = np.unique(np.concatenate(found))
    left, right = np.divmod(pairs, len(signs))
    size = np.diff(sets.indptr).astype(np.float64)
    jaccard = np.zeros(len(left))
    for part in pieces(len(left), signs.shape[1], 1 << 22):
        a, b = left[part], right[part]
        likely = (signs[a] == signs[b]).mean(axis=1) >= least - _SURE
        shared = np.asarray(sets[a[likely]].multiply(sets[b[likely]]).sum(axis=1)).ravel()
        jaccard[part][likely] = shared / (size[a[likely]] + size[b[likely]] - shared)
    near = jaccard >= least - 1e-9
    return np.column_stack([left, right])[near], jaccard[near]


def _signatures(sets: Any, seed: int) -> NDArray[np.uint32]:
    """(n, 125) the smallest hash of each set's members, for each of as many hash functions (Broder 1997).

    The functions are h(x) = (a x + b mod 2^64) >> 32, a odd (Dietzfelbinger 1996).
    """
    rng = np.random.default_rng(seed)
    count = _BANDS * _HASHES
    odd, offset = rng.integers(1 << 63, size=(2, count), dtype=np.uint64)
    odd |= np.uint64(1)
    signs = np.full((sets.shape[0], count), np.iinfo(np.uint32).max, np.uint32)
    ends = sets.indptr
    start = 0
    while start < sets.shape[0]:  # as many sets as fit the processor's cache, at least one
        stop = max(start + 1, int(np.searchsorted(ends, ends[start] + _BLOCK, side="right")) - 1)
        members = sets.indices[ends[start] : ends[stop]].astype(np.uint64)
        rows = np.flatnonzero(np.diff(ends[start : stop + 1])) + start
        if len(members):
            for i in range(count):
                signs[rows, i] = np.minimum.reduceat((members * odd[i] + offset[i]) >> np.uint64(32), ends[rows] - ends[start])
        start = stop
    return signs


def _meetings(key: Hashes) -> NDArray[np.int64]:
    """Pairs of rows with one key, as smaller * n + larger: all of few rows, of a crowd each with the first and with the next."""
    n = len(key)
    order = np.argsort(key, kind="stable").astype(np.int64)  # so that rows of one key rise
    starts = np.flatnonzero(np.concatenate([[True], key[order][1:] != key[order][:-1]]))
    sizes = np.diff(np.concatenate([starts, [n]]))
    first, size = np.repeat(starts, sizes), np.repeat(sizes, sizes)
    place = np.arange(n)
    found = [order[first] * n + order]
    for step in range(1, min(int(sizes.max(initial=1)), _CROWD)):
        some = (place - step >= first) & ((size < _CROWD) | (step == 1))
        found.append(order[place[some] - step] * n + order[some])
    pairs = np.concatenate(found)
    return np.unique(pairs[pairs // n != pairs % n])
