"""What a labeling function returned -> its vote: checked against the return type, in the form in which votes are kept."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tacit.asking.ballots import ABSTAINED, SAID
from tacit.errors import quote
from tacit.types import Category, Kind, MultiCategory, Number, SpanList, Unfit
from tacit.types.contract import plain

__all__ = ["Vote", "blank", "classes_of", "described", "example_of", "vote_of"]

_NEARLY = 1e-2
"""How far from 1 shares of all classes may be together."""

_SHARE = Number(low=0.0, high=1.0)


class Vote(NamedTuple):
    """One vote.

    Attributes:
        code: A class from 0 for a category; else `SAID`. `ABSTAINED` where nothing is said.
        more: What the code does not hold, as a row of `blank`: of a soft vote the share of each class; a number; of a set whether each
            class is there, 1 or 0, -1 where nothing is said of it; spans as JSON. None of a plain class.
    """

    code: int
    more: Any = None


def blank(output: Kind, n: int) -> NDArray[Any]:
    """What codes of n votes do not hold, while nothing is said."""
    if isinstance(output, Category):
        return np.full((n, len(output.classes)), np.nan, np.float32)
    if isinstance(output, MultiCategory):
        return np.full((n, len(output.of.classes)), -1, np.int8)
    return np.full(n, np.nan) if isinstance(output, Number) else np.full(n, None, object)


def vote_of(value: Any, output: Kind) -> Vote:
    """The vote that a value is; None abstains.

    A category may be said softly, as a dict of classes and their shares. A set names classes that are there, and says nothing of
    the others, unless it is empty: none of them is. A dict of classes and bools says of each.

    Raises:
        Unfit: It is not of the return type, nor one of these.
    """
    if value is None:
        return Vote(ABSTAINED)
    if isinstance(value, Mapping) and not value:
        raise Unfit("is an empty dict" + ("; the empty set is set()" if isinstance(output, MultiCategory) else ""))
    if isinstance(output, Category):
        return _softly(value, output) if isinstance(value, Mapping) else Vote(output.index(output.parse(value)))
    if isinstance(output, Number):
        return Vote(SAID, float(output.parse(value)))
    if isinstance(output, MultiCategory):
        return Vote(SAID, _members(value, output))
    assert isinstance(output, SpanList)
    return Vote(SAID, output.to_json(output.parse(value)))


def classes_of(output: Kind) -> tuple[str, ...]:
    """The classes of an output as text, in order; of what has none, how it is written: what votes hang on besides the function."""
    inner = getattr(output, "of", getattr(output, "label", output))
    return inner.names if isinstance(inner, Category) else (str(output),)


def described(output: Kind) -> str:
    """What a labeling function of that output returns, as a sentence reads it."""
    if isinstance(output, Category):
        return f"{output.described()}, or shares of them in a dict"
    if isinstance(output, MultiCategory):
        return f"a set of {output.of.described()}, or a dict that says True or False of some"
    if isinstance(output, SpanList):
        return f"a list of Span(start, end, label), with {output.label.described()}"
    assert isinstance(output, Number)
    within = [f" from {output.low:g}" * math.isfinite(output.low), f" to {output.high:g}" * math.isfinite(output.high)]
    return f"a{' whole' * output.whole} number{''.join(within)}"


def example_of(output: Kind) -> str:
    """Something that it may return, as code."""
    if isinstance(output, Category):
        return quote(output.to_json(output.classes[0]))
    if isinstance(output, MultiCategory):
        return f"{{{quote(output.of.to_json(output.of.classes[0]))}}}"
    if isinstance(output, SpanList):
        return f"[Span(0, 4, {quote(output.label.to_json(output.label.classes[0]))})]"
    assert isinstance(output, Number)
    return f"{max(output.low, min(output.high, 1.0)):g}"


def _softly(value: Mapping[Any, Any], output: Category) -> Vote:
    """What is not shared out is shared by the classes that are not named."""
    shares: list[float | None] = [None] * len(output.classes)
    for name, share in value.items():
        position, number = _share(name, share, output)
        if shares[position] is not None:
            raise Unfit(f"names {quote(output.names[position])} twice")
        shares[position] = number
    named = [s for s in shares if s is not None]
    left, total = len(shares) - len(named), math.fsum(named)
    if total > 1 + _NEARLY or (not left and total < 1 - _NEARLY):
        raise Unfit(f"has shares that are {total:g} together")
    rest = max(0.0, 1 - total) / left if left else 0.0
    found = [rest if s is None else s for s in shares]
    whole = math.fsum(found)
    found = [s / whole for s in found]
    most = max(found)
    if most - min(found) <= 1e-9:
        return Vote(ABSTAINED)
    return Vote(found.index(most), None if most == 1 else found)


def _share(name: Any, share: Any, output: Category) -> tuple[int, float]:
    position = _named(name, output)
    try:
        return position, float(_SHARE.parse(share))
    except Unfit as unfit:
        raise Unfit(f"has a share of {quote(output.names[position])} that {unfit.reason}") from None


def _named(name: Any, of: Category) -> int:
    try:
        return of.index(of.parse(name))
    except Unfit as unfit:
        near = unfit.near
        raise Unfit(f"names {quote(name)}", near=lambda: near) from None


def _members(value: Any, output: MultiCategory) -> list[int]:
    of = output.of
    if not isinstance(value, Mapping):
        there = {of.index(c) for c in output.parse(value)}
        return [1 if i in there else -1 if there else 0 for i in range(len(of.classes))]
    said = [-1] * len(of.classes)
    for name, there in value.items():
        position, yes = _named(name, of), plain(there)
        if not isinstance(yes, bool | int) or yes not in (0, 1):
            raise Unfit(f"says {quote(there)} of {quote(of.names[position])}, which is neither True nor False")
        if said[position] >= 0:
            raise Unfit(f"names {quote(of.names[position])} twice")
        said[position] = int(yes)
    return said
