"""What a strategy may look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.errors import OptionError
from tacit.selection.uncertainties import span_uncertainty, uncertainty

__all__ = ["PARTS", "Pool", "doubt", "finite", "table_of"]

_KINDS = ("classes", "labels", "numbers", "spans")

PARTS: Mapping[str, str] = MappingProxyType(
    {
        "probabilities": "the probabilities of a model",
        "features": "features of the rows",
        "votes": "the votes of labeling functions",
        "members": "the predictions of a committee",
        "groups": "the group of each row",
    }
)
"""What a strategy may need -> in words."""


@dataclass(frozen=True, eq=False)
class Pool:
    """The rows to choose from. All but the size may be missing.

    Attributes:
        size: How many rows, n.
        probabilities: (n, n_classes) of a model; (n, n_labels) each from 0 to 1 for labels; (n_tokens, n_classes) for spans.
        features: (n, d) finite, float32 or float64.
        labeled: (l, d) features of what has a label already.
        votes: (n, n_functions) int of labeling functions, -1 abstains.
        members: (m, n, n_classes) probabilities of a committee; (m, n) predictions for numbers.
        kind: What is predicted: "classes", "labels", "numbers" or "spans".
        lengths: (n,) int, tokens of each row, for spans.
        groups: (n,) int from 0, the group of each row.
        risks: (g,) how often a model errs in each group, or how much else it fails it; see `tacit.selection.risks`.
    """

    size: int
    probabilities: NDArray[Any] | None = None
    features: NDArray[Any] | None = None
    labeled: NDArray[Any] | None = None
    votes: NDArray[Any] | None = None
    members: NDArray[Any] | None = None
    kind: str = "classes"
    lengths: NDArray[Any] | None = None
    groups: NDArray[Any] | None = None
    risks: NDArray[Any] | None = None

    def need(self, part: str, strategy: str) -> NDArray[Any]:
        """One of `PARTS`, checked for a strategy.

        Raises:
            OptionError: It is missing, of the wrong shape, or its features are not finite.
        """
        given = getattr(self, part)
        if given is None:
            raise OptionError(
                f'"{strategy}" needs {PARTS[part]}',
                right=f"the pool has {part}",
                next=f'Pool(..., {part}=...), or strategy="random"',
            )
        array = np.asarray(given)
        dimensions = {"members": (2, 3), "groups": (1,)}.get(part, (2,))
        axis = 1 if part == "members" else 0
        by_token = part == "probabilities" and self.kind == "spans"
        if array.ndim not in dimensions or (array.shape[axis] != self.size and not by_token):
            raise OptionError(
                f"{part} are an array of shape {array.shape} for {self.size:,} rows",
                right=f"{PARTS[part]} have one line for each row",
                next=f'Pool({self.size}, {part}=...), or strategy="random"',
            )
        if part == "features":
            finite(array, "features")
        return array

    def known(self) -> NDArray[Any]:
        """(l, d) features of what has a label; none are (0, d).

        Raises:
            OptionError: They are not as wide as the features, or not finite.
        """
        features = np.asarray(self.features)
        labeled = np.zeros((0, features.shape[1]), features.dtype) if self.labeled is None else np.asarray(self.labeled)
        if labeled.ndim != 2 or labeled.shape[1] != features.shape[1]:
            raise OptionError(
                f"labeled is an array of shape {labeled.shape} beside features of shape {features.shape}",
                right="both are rows of the same features",
                next="Pool(n, features=features, labeled=features_of_what_has_labels)",
            )
        finite(labeled, "labeled")
        return labeled

    def only(self, rows: NDArray[np.int64]) -> Pool:
        """The pool that has these rows alone, in this order."""
        tokens = rows
        if self.kind == "spans" and self.lengths is not None:
            ends = np.cumsum(self.lengths)
            some = [np.arange(ends[row] - self.lengths[row], ends[row]) for row in rows.tolist()]
            tokens = np.concatenate([np.zeros(0, np.int64), *some])
        return replace(
            self,
            size=len(rows),
            probabilities=None if self.probabilities is None else np.asarray(self.probabilities)[tokens],
            features=None if self.features is None else np.asarray(self.features)[rows],
            votes=None if self.votes is None else np.asarray(self.votes)[rows],
            members=None if self.members is None else np.asarray(self.members)[:, rows],
            lengths=None if self.lengths is None else np.asarray(self.lengths)[rows],
            groups=None if self.groups is None else np.asarray(self.groups)[rows],
        )

    def without(self, rows: NDArray[np.int64]) -> tuple[Pool, NDArray[np.int64]]:
        """The pool that is left when `rows` are taken out and count as labeled, and which rows those are."""
        left = np.delete(np.arange(self.size), rows)
        rest = self.only(left)
        if self.features is None:
            return rest, left
        return replace(rest, labeled=np.concatenate([self.known(), np.asarray(self.features)[rows]])), left


def doubt(pool: Pool, kind: str, strategy: str) -> NDArray[np.float64]:
    """(n,) how unsure the model is of each row: `uncertainty`, or for spans `span_uncertainty` by the mean over tokens.

    Raises:
        OptionError: There are no probabilities, or they are of numbers.
    """
    if pool.kind == "numbers":
        raise OptionError(
            f'"{strategy}" needs probabilities, and numbers have none',
            right="the members of a committee tell how unsure a number is",
            next='write strategy="committee"',
        )
    if pool.kind not in _KINDS:
        raise OptionError(f'there is no kind "{pool.kind}"', right=f"it is {' or '.join(_KINDS)}", next='kind="classes"')
    p = pool.need("probabilities", strategy)
    if pool.kind != "spans":
        return uncertainty(p, kind, of=pool.kind)
    if pool.lengths is None or len(pool.lengths) != pool.size:
        raise OptionError(
            f'"{strategy}" needs the lengths of {pool.size:,} texts',
            right="a pool of spans has lengths",
            next="Pool(..., lengths=...)",
        )
    return span_uncertainty(p, pool.lengths, kind)


def finite(features: NDArray[Any], what: str) -> None:
    """Raise an OptionError unless all are finite numbers."""
    bad = 0
    if features.dtype.kind == "f":
        # A sum is infinite or NaN if one of its terms is; only then are the rows looked at one by one.
        with np.errstate(over="ignore", invalid="ignore"):
            whole = bool(np.isfinite(features.sum(dtype=np.float64)))
        bad = 0 if whole else int((~np.isfinite(features)).any(axis=1).sum())
    if bad or features.dtype.kind not in "fiub":
        raise OptionError(
            f"{what} of {bad:,} rows are missing or infinite" if bad else f"{what} are an array of {features.dtype}",
            right="features are finite numbers",
            next="numpy.nan_to_num(features), or leave those rows out",
        )


def table_of(features: ArrayLike) -> NDArray[Any]:
    """(N, d) finite floats.

    Raises:
        OptionError: They are not.
    """
    table = np.asarray(features)
    if table.ndim != 2 or table.dtype.kind not in "fiub":
        raise OptionError(
            f"features are an array of {table.dtype} with shape {table.shape}",
            right="they are numbers of shape (rows, width)",
            next="k_center([[0.0, 1.0], [2.0, 3.0]], 1)",
        )
    finite(table, "features")
    return table if table.dtype.kind == "f" else table.astype(float)
