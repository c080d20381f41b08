"""The strategies by name: tacit's own, and those that installed packages bring (entry points of `tacit.strategies`)."""

from __future__ import annotations

import importlib
import importlib.metadata
from collections.abc import Mapping
from functools import cache

from tacit.errors import MissingExtra, OptionError, nearest
from tacit.selection.contract import Strategy
from tacit.selection.mixtures import mixture

__all__ = ["get", "names"]

_OWN = {
    "random": "tacit.selection.unsure:RANDOM",
    "least-confidence": "tacit.selection.unsure:LEAST_CONFIDENCE",
    "margin": "tacit.selection.unsure:MARGIN",
    "entropy": "tacit.selection.unsure:ENTROPY",
    "committee": "tacit.selection.committee:COMMITTEE",
    "vote-entropy": "tacit.selection.committee:VOTE_ENTROPY",
    "disagreement": "tacit.selection.disagreement:DISAGREEMENT",
    "density": "tacit.selection.density:DENSITY",
    "k-center": "tacit.selection.centers:K_CENTER",
    "badge": "tacit.selection.badge:BADGE",
    "typical": "tacit.selection.typical:TYPICAL",
    "seals": "tacit.selection.seals:SEALS",
    "worst-group": "tacit.selection.worst:WORST_GROUP",
}
"""Name -> place."""


@cache
def _places() -> Mapping[str, str]:
    found = importlib.metadata.entry_points(group="tacit.strategies")
    return {**{e.name: e.value for e in sorted(found, key=lambda e: e.name)}, **_OWN}


def names() -> list[str]:
    """The names of all strategies, those of other packages last. Two or more of them, with "+" between, are a mixture."""
    return [*_OWN, *(n for n in _places() if n not in _OWN)]


@cache
def get(name: str) -> Strategy:
    """The strategy of that name; "a+b" is the mixture of two, or more, in equal shares.

    Raises:
        OptionError: There is none.
        MissingExtra: It is declared by a package that cannot be imported.
    """
    if "+" in name and name not in _places():
        return mixture([get(part.strip()) for part in name.split("+")])
    if name not in _places():
        near = nearest(name, names())
        raise OptionError(
            f'there is no strategy "{name}"',
            right=f"it is {', '.join(names()[:-1])} or {names()[-1]}",
            next=f'write strategy="{near or "margin"}"',
        )
    module, _, attribute = _places()[name].partition(":")
    try:
        strategy: Strategy = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise MissingExtra(
            f'strategy "{name}" cannot be imported ({error})', next=f"pip install {module.partition('.')[0]}"
        ) from None
    return strategy
