"""Rows -> points of one space, near each other where the rows are alike: for whoever covers a pool or looks for what is typical."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse
import threadpoolctl

from tacit.errors import OptionError, nearest
from tacit.learners.contract import Cache, Columns, Data, Floats, threads
from tacit.learners.features import Encoder, Levels, fit_numbers, frequent, length
from tacit.learners.frozen import fit_frozen
from tacit.learners.pixels import fit_pixels
from tacit.learners.roles import CATEGORIES, IMAGES, NUMBERS, TEXTS, settle
from tacit.learners.static import fit_static
from tacit.learners.texts import directions, fit_grams
from tacit.types import Kind

__all__ = ["VIEWS", "Points", "features_of", "fit_points", "view_of"]

VIEWS = ("cheap", "static", "encoder")
"""How texts and images are seen: without a pretrained encoder; texts by the vectors of their tokens; by the encoder itself."""

_DIRECTIONS = 64
_MOST_GRAMS = 20_000
_MOST_LEVELS = 50
_SIDE = 8


@dataclass(frozen=True)
class _Block:
    """One column in the space.

    Attributes:
        encoder: What makes numbers of it.
        turned: (p, d) the main directions of its n-grams; None for what is dense already.
        center, scale: (d,) and a number: what is subtracted, and what the rest is divided by.
    """

    encoder: Encoder
    turned: Floats | None
    center: Floats
    scale: float

    def encode(self, columns: Columns) -> Floats:
        return (_dense(self.encoder.encode(columns), self.turned) - self.center) / self.scale


@dataclass(frozen=True)
class Points:
    """What turns rows into points."""

    blocks: tuple[_Block, ...]

    def encode(self, columns: Columns) -> Floats:
        """(n, d) float32, finite; a row's point does not depend on the rows beside it."""
        made = [block.encode(columns) for block in self.blocks]
        return np.hstack([np.empty((length(columns), 0), np.float32), *made]).astype(np.float32)


def features_of(
    columns: Columns,
    kinds: Mapping[str, Kind],
    *,
    view: str = "cheap",
    pretrained: Mapping[str, str] | None = None,
    cache: Cache | None = None,
) -> Floats:
    """Rows as points: (n, d) float32. Arguments and errors are those of `fit_points`."""
    return fit_points(columns, kinds, view=view, pretrained=pretrained, cache=cache).encode(columns)


def fit_points(
    columns: Columns,
    kinds: Mapping[str, Kind],
    *,
    view: str = "cheap",
    pretrained: Mapping[str, str] | None = None,
    cache: Cache | None = None,
) -> Points:
    """The space of some rows.

    Each column counts the same: what is made of it is centered and divided by the root of its total variance over these rows
    (as groups of variables are balanced in multiple factor analysis; Escofier and Pagès, 1994). A number is on one scale, a
    category has a direction for each of its 50 most frequent values, a text its place in the 64 main directions of its tf-idf
    features (Deerwester et al., 1990), an image its pixels, 8 x 8.

    Arguments:
        columns: The rows, at least one.
        kinds: The kind of each column; a plain `str` is settled as learners do it.
        view: One of `VIEWS`. "static" and "encoder" see texts by a pretrained encoder, "encoder" images too where one is named.
        pretrained: The encoders, as in `Data`.
        cache: As in `Learner.fit`.

    Raises:
        OptionError: There is no such view.
        MissingExtra: The encoder, or what it needs, is not installed.
    """
    if view not in VIEWS:
        raise OptionError(
            f'there is no view "{view}"',
            right=f"it is {', '.join(VIEWS[:-1])} or {VIEWS[-1]}",
            next=f'view="{nearest(view, VIEWS) or VIEWS[0]}"',
        )
    named, cache = pretrained or {}, cache or Cache()
    kinds = _settled(columns, kinds)
    blocks = []
    for name in kinds:
        encoder, raw = _encoded(name, kinds, columns, view, named, cache)
        if encoder is not None:
            blocks.append(_block(encoder, raw))
    return Points(tuple(blocks))


def view_of(learner: str | None) -> str:
    """How a learner of this name sees texts and images: whoever pays for its features anyway can have points of them.

    Example:
        >>> view_of("encoder-linear"), view_of("tfidf-linear"), view_of(None)
        ('encoder', 'cheap', 'cheap')
    """
    family = (learner or "").partition("-")[0]
    return family if family in VIEWS else "cheap"


def _settled(columns: Columns, kinds: Mapping[str, Kind]) -> Mapping[str, Kind]:
    n = length(columns)
    return settle(Data(kinds, columns, next(iter(kinds.values())), np.zeros(n), np.ones(n))).kinds


def _encoded(
    name: str, kinds: Mapping[str, Kind], columns: Columns, view: str, pretrained: Mapping[str, str], cache: Cache
) -> tuple[Encoder | None, Any]:
    """What makes numbers of a column, and the numbers; None for a kind that has none."""
    values, role = columns[name], kinds[name].role
    if role in TEXTS and view == "encoder":
        return fit_frozen(name, values, "text", pretrained.get("text", "minilm"), scale=1.0, cache=cache, deadline=None)
    if role in TEXTS and view == "static":
        return fit_static(name, values, pretrained.get("text", "minilm"), scale=1.0, cache=cache, deadline=None)
    if role in TEXTS:
        return fit_grams(name, values, "words", most=_MOST_GRAMS, deadline=None)
    if role in IMAGES and view == "encoder" and "image" in pretrained:
        return fit_frozen(name, values, "image", pretrained["image"], scale=1.0, cache=cache, deadline=None)
    if role in IMAGES:
        return fit_pixels(name, values, side=_SIDE, cache=cache, deadline=None)
    if role in NUMBERS:
        numbers = fit_numbers({name: kinds[name]}, columns, ranks=False)
        return numbers, None if numbers is None else numbers.encode(columns)
    if role in CATEGORIES:
        levels = Levels(name, frequent(values, most=_MOST_LEVELS))
        return levels, levels.encode(columns)
    return None, None


def _block(encoder: Encoder, raw: Any) -> _Block:
    # One-hot rows are sparse too, but need no directions: each level is one already.
    turned = None
    if scipy.sparse.issparse(raw) and not isinstance(encoder, Levels):
        with threadpoolctl.threadpool_limits(threads(), user_api="blas"):
            turned = directions(raw, _DIRECTIONS).astype(np.float32)
    dense = _dense(raw, turned)
    center = dense.mean(axis=0)
    spread = float(np.sqrt(((dense - center) ** 2).sum(axis=1).mean()))
    return _Block(encoder, turned, center, spread if spread > 0 else 1.0)


def _dense(raw: Any, turned: Floats | None) -> Floats:
    """(n, d) float32; texts that have directions are scaled to length 1, since a long text is no other topic."""
    if turned is not None:
        found = np.asarray(raw @ turned, np.float32)
        return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-6))
    return np.asarray(raw.toarray() if scipy.sparse.issparse(raw) else raw, np.float32)
