"""Text columns -> the mean of a vector for each token, taken from a pretrained encoder once and for all texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache as once
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse

from tacit.errors import MissingExtra
from tacit.learners.contract import Cache, Columns, Floats, check_time
from tacit.learners.encoders import Pretrained, deep, text_encoder, width_of
from tacit.learners.features import Encoder
from tacit.learners.roles import as_text
from tacit.learners.vectors import Vectors, held_apart, key_of

__all__ = ["Static", "fit_static", "static_seconds"]

_WIDTH = 256
_LONGEST = 20_000
"""Characters of a text that are looked at."""

_AT_ONCE = 5_000
_SECONDS_A_CHARACTER = 1e-6

_homes: dict[str, Path] = {}
"""Where this process keeps the table of an encoder, by its digest."""


@once
def _tables() -> Vectors:
    """The tables of this process, by the digest of their encoder."""
    return Vectors()


@dataclass(frozen=True)
class Static(Encoder):
    """A text as the mean of its tokens' vectors, scaled to length 1, around the mean of the training rows; missing is 0.

    It holds all that it needs: a model is used without the encoder, and without torch.

    Attributes:
        column: A column of text or words.
        tokens: What cuts texts into tokens, as the JSON of the tokenizers library.
        scale: What the features are multiplied with.
        table: (vocabulary, d) float16.
        center: (d,).
    """

    column: str
    tokens: str
    scale: float
    table: Floats
    center: Floats

    def encode(self, columns: Columns) -> Floats:
        return self._features(columns[self.column], self._vectors(columns[self.column]))

    def _features(self, values: Sequence[Any], vectors: Floats) -> Floats:
        features = (vectors - self.center) * np.float32(self.scale)
        features[[i for i, value in enumerate(values) if value is None]] = 0.0
        return features

    def _vectors(self, values: Sequence[Any], deadline: float | None = None) -> Floats:
        """(n, d) of length 1, or 0 where there is no known token."""
        made = [np.empty((0, self.table.shape[1]), np.float32)]
        for start in range(0, len(values), _AT_ONCE):
            if start:
                check_time(deadline)
            some = [as_text(value)[:_LONGEST] for value in values[start : start + _AT_ONCE]]
            found = _tokenizer(self.tokens).encode_batch_fast(some, add_special_tokens=False)
            ids = [encoding.ids for encoding in found]
            ends = np.cumsum([0, *map(len, ids)])
            index = np.fromiter(chain.from_iterable(ids), np.int32, count=int(ends[-1]))
            used, place = np.unique(index, return_inverse=True)
            counts = scipy.sparse.csr_matrix((np.ones(len(place), np.float32), place, ends), shape=(len(ids), len(used)))
            total = counts @ self.table[used].astype(np.float32)
            made.append(total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-6))
        return np.concatenate(made)


def fit_static(
    column: str, values: Sequence[Any], source: str, *, scale: float, cache: Cache, deadline: float | None
) -> tuple[Static, Floats]:
    """The vectors of the tokens, which are made once for each encoder, and the column's features.

    Arguments:
        column, scale: As in `Static`.
        values: The training rows.
        source: The name of the encoder, as in `Data.pretrained`.
        cache: Its folder keeps the vectors for later trainings.
        deadline: In seconds of `time.monotonic`.

    Raises:
        BudgetError: The deadline passed before there were features.
        MissingExtra: The encoder, or what it needs, is not installed.
        FileError: Its files are not there, or not what they should be.
    """
    check_time(deadline)
    pretrained = text_encoder(source)
    tokens = (pretrained.folder / "tokenizer.json").read_text(encoding="utf-8")
    table = _table(pretrained, cache.folder, deadline)
    bare = Static(column, tokens, scale, table, np.zeros(table.shape[1], np.float32))
    vectors = bare._vectors(values, deadline)
    there = [i for i, value in enumerate(values) if value is not None]
    center = vectors[there].mean(axis=0) if there else bare.center
    static = Static(column, tokens, scale, table, center)
    return static, static._features(values, vectors)


@lru_cache(maxsize=2)
def _tokenizer(tokens: str) -> Any:
    try:
        from tokenizers import Tokenizer
    except ModuleNotFoundError:
        raise MissingExtra("static-linear needs tokenizers", next='pip install "tacit[deep]"') from None
    found = Tokenizer.from_str(tokens)
    found.no_padding()
    found.no_truncation()
    return found


def static_seconds(values: Sequence[Any], source: str) -> float:
    """What `fit_static` will take on this machine: the table, unless it is known, and the texts."""
    pretrained = text_encoder(source)
    tables, home = _held(pretrained)
    known = tables.known([key_of(pretrained.digest)], home)
    characters = sum(min(_LONGEST, len(v) if isinstance(v, str) else 8 * len(v)) for v in values if v is not None)
    texts = characters * _SECONDS_A_CHARACTER
    return texts if known else texts + float(deep("distill").distilling_seconds(pretrained))


def _held(pretrained: Pretrained) -> tuple[Vectors, Path | None]:
    """The tables that are in memory, and the folder where this process keeps that of an encoder."""
    separate = held_apart("tables")
    return (_tables(), _homes.get(pretrained.digest)) if separate is None else (separate, None)


def _table(pretrained: Pretrained, folder: Path | None, deadline: float | None) -> Floats:
    key = key_of(pretrained.digest)
    home = None if folder is None else folder / "tables" / pretrained.digest[:32]
    if home is not None:
        _homes[pretrained.digest] = home
    tables, _ = _held(pretrained)
    found = tables.known([key], home)
    if key not in found:
        found = {key: deep("distill").distill(pretrained, width=_WIDTH, deadline=deadline).ravel()}
        tables.hold(found)
        if home is not None:
            _tables().keep(found, home)
    flat: Floats = found[key]
    return flat.reshape(-1, min(_WIDTH, width_of(pretrained.folder)))
