"""Cues in the inputs, and what a model makes of them. See `docs/design/associations.md`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tacit.cues.associations import Association, associations, candidates, some
from tacit.cues.cards import SHOWN, with_examples
from tacit.cues.contract import Candidates, Cue, least
from tacit.cues.patches import Patch, patches
from tacit.cues.values import Range, Value, ranges, values
from tacit.cues.words import Phrase, phrases
from tacit.errors import OptionError, quote

__all__ = [
    "SHOWN",
    "Association",
    "Candidates",
    "Cue",
    "Patch",
    "Phrase",
    "Range",
    "Value",
    "associations",
    "candidates",
    "cue_of",
    "least",
    "patches",
    "phrases",
    "ranges",
    "some",
    "values",
    "with_examples",
]


def cue_of(data: Mapping[str, Any]) -> Cue:
    """The cue that `to_dict` wrote.

    Raises:
        OptionError: It is of no kind that is known.
    """
    given = dict(data)
    kind = given.pop("kind", None)
    if kind == "range":
        low, high = given["low"], given["high"]
        given |= {"low": -np.inf if low is None else low, "high": np.inf if high is None else high}
    made: dict[Any, Any] = {"phrase": Phrase, "value": Value, "range": Range, "patch": Patch}
    if kind == "patch":
        given |= {"levels": tuple(given["levels"]), "colors": tuple(given["colors"])}
    if kind not in made:
        raise OptionError(f"{quote(kind)} is no kind of cue", right=f"it is {', '.join(made)}", next="tacit audit TASK")
    cue: Cue = made[kind](**given)
    return cue
