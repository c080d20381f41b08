"""Rows with a planted cue, each with its twin, and how far answers rely on it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.errors import OptionError
from tacit.planted.contract import Plantable
from tacit.planted.records import GroupNoise
from tacit.tables import table

__all__ = ["Group", "Planted", "reliance"]


@dataclass(frozen=True)
class Group:
    """The rows of one true label that carry the cue, or that do not.

    Attributes:
        name: `stars=positive, cue`.
        rows: How many there are.
        share: Of all rows.
        wrong: How many of their labels are wrong.
    """

    name: str
    rows: int
    share: float
    wrong: int


@dataclass(frozen=True, eq=False)
class Planted:
    """A copy of real rows with a false cue in some of them.

    Attributes:
        rows: Column -> value of each of n rows, with the cue where it is carried, and with labels that may be wrong.
        twins: The same rows, without the cue where it is carried and with it elsewhere.
        carries: (n,) bool: which rows have the cue.
        truth: The n labels before any was made wrong.
        numbers: Which of the given rows each is, counted from 1 as in a file.
        cue: What was planted.
        column, label: Where the cue is, and where the label is.
        favored: The label that the cue goes with; None for `GroupNoise`.
        strength, share, minority, noise, seed: As `plant` was given them.
        notes: Which rows were left out.
    """

    rows: tuple[Mapping[str, Any], ...]
    twins: tuple[Mapping[str, Any], ...]
    carries: NDArray[np.bool_]
    truth: tuple[Hashable, ...]
    numbers: tuple[int, ...]
    cue: Plantable | GroupNoise
    column: str
    label: str
    favored: Any
    strength: float
    share: float
    minority: float | None
    noise: float
    seed: int
    notes: tuple[str, ...] = ()

    @property
    def groups(self) -> tuple[str, ...]:
        """Of each row the name of its group: its true label, and whether it has the cue."""
        return tuple(
            f"{self.label}={truth}, {'cue' if carries else 'no cue'}"
            for truth, carries in zip(self.truth, self.carries.tolist(), strict=True)
        )

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """(n,) bool: whose label is not the true one."""
        return np.array([row[self.label] != truth for row, truth in zip(self.rows, self.truth, strict=True)], dtype=bool)

    @property
    def agreement(self) -> float | None:
        """The share of the rows with the cue that truly have the favored label; None for `GroupNoise`."""
        if self.favored is None:
            return None
        return float(np.mean([truth == self.favored for truth, c in zip(self.truth, self.carries.tolist(), strict=True) if c]))

    @property
    def summary(self) -> tuple[Group, ...]:
        """The groups that have rows, sorted by name."""
        names, wrong = np.array(self.groups, dtype=object), self.wrong
        return tuple(
            Group(name, int((at := names == name).sum()), float(at.mean()), int(wrong[at].sum())) for name in sorted(set(names))
        )

    def reliance(self, answers: ArrayLike, twin_answers: ArrayLike) -> float:
        """How far answers move when nothing but the cue does: the mean over rows of |f(row) - f(twin)|; see `reliance`.

        Arguments:
            answers, twin_answers: What a model says of `rows` and of `twins`, in their order.

        Raises:
            OptionError: They are of other shapes.
        """
        if np.shape(answers)[:1] != (len(self.rows),):
            raise OptionError(
                f"{len(self.rows):,} rows have answers of shape {np.shape(answers)}",
                right="there is one for each row",
                next="reliance(answers to planted.rows, answers to planted.twins)",
            )
        return reliance(answers, twin_answers)

    def __str__(self) -> str:
        if isinstance(self.cue, GroupNoise):
            carried = f"{self.cue.name} has {self.wrong[self.carries].mean():.1%} wrong labels, others {self.wrong[~self.carries].mean():.1%}"
        else:
            carried = (
                f"{self.cue.name}, planted in {self.column}, goes with {self.label}={self.favored}: "
                f"{self.agreement:.1%} of the {self.carries.sum():,} rows that have it"
            )
        lines = [[g.name, f"{g.rows:,}", f"{g.share:.1%}", f"{g.wrong:,}"] for g in self.summary]
        columns = ["group", "rows", "share", "wrong labels"]
        return "\n\n".join([table(columns, lines, title=carried, right=columns[1:]), *(f"note: {note}" for note in self.notes)])

    def to_dict(self) -> dict[str, Any]:
        """What was planted and how many rows are in each group; the rows are `rows`."""
        return {
            "cue": self.cue.name,
            "column": self.column,
            "label": self.label,
            "favored": self.favored,
            "strength": self.strength,
            "share": self.share,
            "minority": self.minority,
            "noise": self.noise,
            "seed": self.seed,
            "rows": len(self.rows),
            "carriers": int(self.carries.sum()),
            "agreement": self.agreement,
            "wrong": int(self.wrong.sum()),
            "groups": [asdict(group) for group in self.summary],
            "notes": list(self.notes),
        }


def reliance(answers: ArrayLike | Sequence[Any], twin_answers: ArrayLike | Sequence[Any]) -> float:
    """The mean over rows of |f(x) - f(twin)|: 0 where the cue changes nothing, 1 where it decides.

    Arguments:
        answers, twin_answers: Both (n, k) probabilities, of which half the L1 distance is taken, the total variation, 0 to 1; or
            (n,) numbers with a point, of which the distance is; or (n,) classes (text, bools or whole numbers), which are
            1 apart if they differ.

    Raises:
        OptionError: They are of two shapes, or empty.

    Example:
        >>> reliance([[0.9, 0.1], [0.5, 0.5]], [[0.1, 0.9], [0.5, 0.5]])
        0.4
        >>> reliance(["glad", "sad"], ["sad", "sad"])
        0.5
    """
    one, other = np.asarray(answers), np.asarray(twin_answers)
    if one.shape != other.shape or one.ndim not in (1, 2) or not one.size:
        raise OptionError(
            f"answers are of shape {one.shape} and {other.shape}",
            right="both are (n,) or (n, k), with one answer for each row",
            next="reliance(answers to planted.rows, answers to planted.twins)",
        )
    if one.ndim == 2:
        return float(np.abs(one.astype(float) - other.astype(float)).sum(axis=1).mean() / 2)
    if "f" in (kinds := one.dtype.kind + other.dtype.kind) and set(kinds) <= set("fiub"):
        return float(np.abs(one.astype(float) - other.astype(float)).mean())
    return float((one != other).mean())
