"""What a cue is: something in the inputs that a model may lean on, and that can be taken out of a row or put into one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix

from tacit.learners import Columns

__all__ = ["Candidates", "Cue", "least"]

_FEWEST = 8
_SHARE = 0.005


class Cue(Protocol):
    """One cue of one column; `str` gives its name as people read it."""

    @property
    def column(self) -> str:
        """Where it is looked for."""

    def carried(self, columns: Columns) -> NDArray[np.bool_]:
        """(n,) which rows have it."""

    def without(self, columns: Columns) -> Columns:
        """The rows with it taken out, and nothing else changed; those that lack it stay what they are."""

    def put(self, columns: Columns) -> Columns:
        """The rows with it put in; those that have it stay what they are."""

    def touches(self, other: Cue) -> bool:
        """Whether it is at the same place as another, so that it is part of it where their rows are the same."""

    def to_dict(self) -> dict[str, Any]:
        """What `tacit.cues.cue_of` makes it of again."""


@dataclass(frozen=True)
class Candidates:
    """Cues that may be leaned on.

    Attributes:
        cues: m of them.
        carried: (n, m) sparse bool, which rows have which.
    """

    cues: tuple[Cue, ...]
    carried: csc_matrix


def least(n: int) -> int:
    """In how many of n rows a cue has to be, for what a model makes of it to be told: one in two hundred, and at least eight."""
    return max(_FEWEST, int(np.ceil(_SHARE * n)))
