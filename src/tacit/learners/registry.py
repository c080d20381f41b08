"""The learners by name: tacit's own, and those that installed packages bring (entry points of `tacit.learners`)."""

from __future__ import annotations

import importlib
import importlib.metadata
from collections.abc import Mapping
from functools import cache

from tacit.errors import MissingExtra, OptionError, nearest
from tacit.learners.contract import Learner
from tacit.types import Kind

__all__ = ["choices", "get", "names"]

_OWN = {
    "linear": "tacit.learners.linear:Linear",
    "tfidf-linear": "tacit.learners.tfidf_linear:TfidfLinear",
    "pixels-linear": "tacit.learners.pixels_linear:PixelsLinear",
    "static-linear": "tacit.learners.static_linear:StaticLinear",
    "encoder-linear": "tacit.learners.encoder_linear:EncoderLinear",
    "forest": "tacit.learners.forest:Forest",
    "gbdt": "tacit.learners.gbdt:Gbdt",
    "mlp": "tacit.learners.mlp:Mlp",
    "convnet-small": "tacit.learners.convnet_small:ConvnetSmall",
    "convnet": "tacit.learners.convnet:Convnet",
    "encoder-finetune": "tacit.learners.encoder_finetune:EncoderFinetune",
    "ensemble": "tacit.learners.ensemble:Ensemble",
}
"""Name -> place, cheap to dear. None of these modules imports anything heavy."""


@cache
def _places() -> Mapping[str, str]:
    found = importlib.metadata.entry_points(group="tacit.learners")
    return {**{e.name: e.value for e in sorted(found, key=lambda e: e.name)}, **_OWN}


def names() -> list[str]:
    """The names of all learners, cheap to dear, those of other packages last."""
    return [*_OWN, *(n for n in _places() if n not in _OWN)]


@cache
def get(name: str) -> Learner:
    """The learner of that name.

    Raises:
        OptionError: There is none.
        MissingExtra: It is declared by a package that cannot be imported.
    """
    if name not in _places():
        near = nearest(name, names())
        raise OptionError(
            f'there is no learner "{name}"' + (f', did you mean "{near}"?' if near else ""),
            right=f"learners are {', '.join(names())}",
            next=f"--learners {near or names()[0]}",
        )
    module, _, attribute = _places()[name].partition(":")
    try:
        learner: Learner = getattr(importlib.import_module(module), attribute)()
    except (ImportError, AttributeError) as error:
        raise MissingExtra(
            f'learner "{name}" cannot be imported ({error})', next=f"pip install {module.partition('.')[0]}"
        ) from None
    return learner


def choices(kinds: Mapping[str, Kind], output: Kind) -> list[str]:
    """The names of the learners that fit a task of these inputs and this answer, cheap to dear.

    A learner of another package that cannot be imported fits nothing.
    """
    fitting = []
    for name in names():
        try:
            if get(name).accepts(kinds, output):
                fitting.append(name)
        except MissingExtra:
            if name in _OWN:
                raise
    return fitting
