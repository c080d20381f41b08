"""What a labeling function returned -> its vote: checked against the return type, in the form in which votes are kept."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from tacit.asking.ballots import ABSTAINED, SAID
from tacit.errors import quote
from tacit.types import Category, Kind, MultiCategory, Number, SpanList, Unfit

__all__ = ["Vote", "classes_of", "described", "vote_of"]

_NEARLY = 1e-2
"""How far from 1 shares of all classes may be together."""


_SHARE = Number(low=0.0, high=1.0)


class Vote(NamedTuple):
    """One vote.

    Attributes:
        code: A class from 0 for a category; else `SAID`. `ABSTAINED` where nothing is said.
        more: What the code does not hold, as JSON. Of a soft vote the share of each class; a number; of a set, class -> whether it
            is there, "0" to "1"; spans as their kind writes them. None of a plain class.
    """

    code: int
    more: Any = None


def vote_of(value: Any, output: Kind) -> Vote:
    """The vote that a value is; None abstains.

    A category may be said softly, as a dict of classes and their shares. A set names classes that are there, and says nothing of
    the others, unless it is empty: none of them is. A dict of classes and bools says of each.

    Raises:
        Unfit: It is not of the return type, nor one of these.
    """
    if value is None:
        return Vote(ABSTAINED)
    if isinstance(output, Category):
        return _shares(value, output) if isinstance(value, Mapping) else Vote(output.index(output.parse(value)))
    if isinstance(output, Number):
        return Vote(SAID, float(output.parse(value)))
    if isinstance(output, MultiCategory):
        members = _members(value, output)
        return Vote(SAID, members) if members else Vote(ABSTAINED)
    assert isinstance(output, SpanList)
    return Vote(SAID, output.to_json(output.parse(value)))


def classes_of(output: Kind) -> tuple[str, ...]:
    """The classes of an output as text, in order; of what has none, how it is written: what votes hang on besides the function."""
    inner = getattr(output, "of", getattr(output, "label", output))
    return inner.names if isinstance(inner, Category) else (str(output),)


def described(output: Kind) -> str:
    """What a labeling function of that output may return, as a sentence reads it."""
    if isinstance(output, Category):
        return output.described()
    if isinstance(output, MultiCategory):
        return f"a set of {output.of.described()}"
    return "Span(start, end, label) in a list" if isinstance(output, SpanList) else f"a number, {output}"


def _shares(value: Mapping[Any, Any], output: Category) -> Vote:
    """What is not shared out is shared by the classes that are not named."""
    if not value:
        raise Unfit("is an empty dict, which names no class")
    shares: list[float | None] = [None] * len(output.classes)
    for name, share in value.items():
        position, number = _share(name, share, output)
        shares[position] = number
    named = [s for s in shares if s is not None]
    left, total = len(shares) - len(named), math.fsum(named)
    if total > 1 + _NEARLY or (not left and total < 1 - _NEARLY):
        raise Unfit(f"is {quote(value)}, whose shares are together {total:g}")
    rest = max(0.0, 1 - total) / left if left else 0.0
    found = [rest if s is None else s for s in shares]
    whole = math.fsum(found)
    found = [s / whole for s in found]
    most = max(found)
    if most - min(found) <= 1e-9:
        return Vote(ABSTAINED)
    return Vote(found.index(most), None if most == 1 else found)


def _share(name: Any, share: Any, output: Category) -> tuple[int, float]:
    try:
        return output.index(output.parse(name)), float(_SHARE.parse(share))
    except Unfit as unfit:
        near = unfit.near
        raise Unfit(f"has {quote(name)}: {quote(share)}, which {unfit.reason}", near=lambda: near) from None


def _members(value: Any, output: MultiCategory) -> dict[str, int]:
    of = output.of
    if isinstance(value, Mapping):
        said = {}
        for name, there in value.items():
            if not isinstance(there, bool | int) or there not in (0, 1):
                raise Unfit(f"has {quote(name)}: {quote(there)}, which is neither True nor False")
            said[str(of.index(of.parse(name)))] = int(there)
        return said
    there = output.parse(value)
    return {str(of.index(c)): 1 for c in there} or {str(i): 0 for i in range(len(of.classes))}
