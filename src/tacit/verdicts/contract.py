"""What functions said, and what every verdict on it tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tacit.labels import FunctionSummary

__all__ = ["Said", "Verdict"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Said:
    """What functions said of examples.

    Attributes:
        names: The functions'.
        codes: (n, n_functions) int, see `tacit.asking.Vote`; negative where there is no vote.
        more: For each function what its codes do not hold, see `tacit.asking.blank`; None where they hold everything.
        failed: For each function, on how many examples it failed.
    """

    names: Sequence[str]
    codes: NDArray[np.int64]
    more: Sequence[NDArray[Any] | None]
    failed: Sequence[int]

    @property
    def there(self) -> NDArray[np.bool_]:
        """(n, n_functions) whether a function voted."""
        return self.codes >= 0


class Verdict(Protocol):
    """What votes come to.

    Attributes:
        functions: What each function does.
        matrix: The votes as an array; (n, n_functions) but for sets, and -1 where a function abstains; of numbers NaN.
        probabilities: (n, n_classes) float64 of classes and of sets; of other answers no columns.
        target: What is learned from, in the order of the rows: (n, n_classes) or (n,) float64; None where no learner takes it.
        values: What the votes come to, for people: a number, a list of marks; None where it is probabilities.
        covered: (n,) bool, on which rows the votes come to anything.
        columns: The headings of `estimated` and `measured`.
    """

    @property
    def functions(self) -> tuple[FunctionSummary, ...]: ...
    @property
    def matrix(self) -> NDArray[Any]: ...
    @property
    def probabilities(self) -> Floats: ...
    @property
    def target(self) -> Floats | None: ...
    @property
    def values(self) -> Sequence[Any] | None: ...
    @property
    def columns(self) -> tuple[str, str]: ...

    @property
    def covered(self) -> NDArray[np.bool_]: ...

    def learned(self, hidden: NDArray[np.bool_] | None = None) -> tuple[Floats, Floats]:
        """The target, and how sure it is, (n,) from 0 to 1; as they are if some labels, (n,) bool, are not known."""
