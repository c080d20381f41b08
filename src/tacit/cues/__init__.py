"""Cues in the inputs, and what a model makes of them. See `docs/design/associations.md`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tacit.cues.associations import Association, associations, candidates, some
from tacit.cues.borders import Border, borders
from tacit.cues.cards import SHOWN, with_examples
from tacit.cues.contract import Candidates, Cue, least
from tacit.cues.lengths import Length, lengths
from tacit.cues.patches import Patch, patches
from tacit.cues.styles import Ending, Style, styles
from tacit.cues.tints import Tint, tints
from tacit.cues.values import Range, Value, ranges, values
from tacit.cues.words import Phrase, phrases
from tacit.errors import OptionError, quote

__all__ = [
    "SHOWN",
    "Association",
    "Border",
    "Candidates",
    "Cue",
    "Ending",
    "Length",
    "Patch",
    "Phrase",
    "Range",
    "Style",
    "Tint",
    "Value",
    "associations",
    "borders",
    "candidates",
    "cue_of",
    "least",
    "lengths",
    "patches",
    "phrases",
    "ranges",
    "some",
    "styles",
    "tints",
    "values",
    "with_examples",
]


_KINDS: dict[Any, Any] = {
    "phrase": Phrase, "style": Style, "ending": Ending, "length": Length, "value": Value, "range": Range,
    "border": Border, "tint": Tint, "patch": Patch,
}  # fmt: skip


def cue_of(data: Mapping[str, Any]) -> Cue:
    """The cue that `to_dict` wrote.

    Raises:
        OptionError: It is of no kind that is known.
    """
    given = dict(data)
    kind = given.pop("kind", None)
    if kind in ("range", "length"):
        low, high = given["low"], given["high"]
        given |= {"low": -np.inf if low is None else low, "high": np.inf if high is None else high}
    given = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    if kind not in _KINDS:
        raise OptionError(f"{quote(kind)} is no kind of cue", right=f"it is {', '.join(_KINDS)}", next="tacit audit TASK")
    cue: Cue = _KINDS[kind](**given)
    return cue
