"""Which labels are probably wrong, and which rows are only hard: confident learning with neighbors and groups as witnesses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.audits.inputs import class_probabilities, same_length
from tacit.errors import OptionError
from tacit.selection import exact

__all__ = ["Mislabeled", "mislabeled"]

_MOST = 0.5
"""Of a class or group at most this share of labels is called wrong: the method rests on most labels being right."""

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Mislabeled:
    """Rows whose label the model contradicts, the surest first.

    Attributes:
        rows: (m,) int64 their positions.
        suggested: (m,) the class that the model gives instead.
        margin: (m,) its probability minus that of the given label, 0 to 1.
        kind: (m,) "mislabeled" where neighbors carry the suggested class more often than the given one, else "hard".
        share: (m,) the share of the neighbors that carry the given label.
        joint: (k, k) the estimated share of rows with the given label (row) and the true class (column); sums to 1.
        notes: Classes and groups of which so many labels look wrong that rather the model is.
    """

    rows: Rows
    suggested: NDArray[np.intp]
    margin: Floats
    kind: NDArray[np.str_]
    share: Floats
    joint: Floats
    notes: tuple[str, ...]

    @property
    def noise(self) -> float:
        """The estimated share of wrong labels, those of hard rows included."""
        return float(1 - np.trace(self.joint))


def mislabeled(
    probabilities: ArrayLike, labels: ArrayLike, features: ArrayLike, groups: ArrayLike | None = None, *, k: int = 10
) -> Mislabeled:
    """Find labels that are probably wrong; a row that is only hard for the model is kept apart, as minorities are.

    The first witness is confident learning with pruning by noise rate (Northcutt et al. 2021, sections 3.1 and 3.2): row i counts as of
    class j if p_j is at least the mean p_j of the rows labeled j, of several such classes as of the likeliest. These counts, scaled to
    the rows of each label, are the joint distribution of given and true classes; of each pair n Q_ij rows are taken, those of the largest
    p_j - p_i, as far as p_j is larger. The second are the labels of the k nearest rows. The third, where
    groups are given, are those of the k nearest rows of the same group, which has to have more than k. A label is called wrong where both
    carry the suggested class more often than the given one. Where that would be more than half of a label, or of a label in a group,
    those rows are hard.

    Arguments:
        probabilities: (n, c) of models that were not trained on the row: out-of-fold ones.
        labels: (n,) positions of classes.
        features: (n, d) finite; distances between them are Euclidean, so columns are to be of one scale.
        groups: (n,) the group of each row, as `Grouping.codes`; -1 is in none.
        k: Neighbors, 1 or more.

    Raises:
        OptionError: Lengths differ, values are missing, or k is less than 1.
    """
    said, given = class_probabilities(probabilities, labels)
    if k < 1:
        raise OptionError(f"k is {k}", right="it is a number of neighbors, 1 or more", next="mislabeled(..., k=10)")
    points = np.asarray(features)
    of = np.full(len(said), -1) if groups is None else np.asarray(groups)
    same_length(len(said), features=len(points), groups=len(of))
    joint = _joint(said, given)
    rows, suggested = _pruned(said, given, joint)
    share, contradicted = _witness(points, given, rows, suggested, np.arange(len(said)), k)
    for g in np.unique(of[rows]):
        inside, own = np.flatnonzero(of == g), of[rows] == g
        if g >= 0 and len(inside) > k:
            share[own], also = _witness(points, given, rows[own], suggested[own], inside, k)
            contradicted[own] &= also
    notes = []
    for grouped, cells in ((False, given), (True, np.where(of < 0, -1, of * said.shape[1] + given))):
        doubtful = rows[contradicted]
        members = np.bincount(cells[cells >= 0])
        wrong = np.bincount(cells[doubtful][cells[doubtful] >= 0], minlength=len(members))
        for cell in np.flatnonzero(wrong > _MOST * members).tolist():
            contradicted &= cells[rows] != cell
            where = f"label {cell % said.shape[1]}" + (f" in group {cell // said.shape[1]}" if grouped else "")
            notes.append(
                f"{wrong[cell]:,} of {members[cell]:,} rows with {where} look wrong: rather the model is, so they are called hard"
            )
    margin = said[rows, suggested] - said[rows, given[rows]]
    order = np.lexsort((rows, -margin))
    kind = np.where(contradicted, "mislabeled", "hard")
    return Mislabeled(rows[order], suggested[order], margin[order], kind[order], share[order], joint, tuple(notes))


def _joint(said: Floats, given: NDArray[Any]) -> Floats:
    """(c, c) the calibrated confident joint over n (Northcutt et al. 2021, equations 1 to 3)."""
    c = said.shape[1]
    counts = np.bincount(given, minlength=c)
    own = np.bincount(given, weights=said[np.arange(len(said)), given], minlength=c)
    threshold = np.where(counts > 0, own / np.maximum(counts, 1), np.inf)  # nobody is confidently of a class that nobody has
    above = np.where(said >= threshold - 1e-12, said, -1.0)
    sure = above.max(axis=1) >= 0
    joint = np.bincount(given[sure] * c + above.argmax(axis=1)[sure], minlength=c * c).reshape(c, c).astype(np.float64)
    joint[np.diag_indices(c)] += joint.sum(axis=1) == 0  # a label of which no row is sure is taken as given
    return np.asarray(joint / joint.sum(axis=1, keepdims=True) * (counts / len(said))[:, None])


def _pruned(said: Floats, given: NDArray[Any], joint: Floats) -> tuple[Rows, NDArray[np.intp]]:
    """Rows, n Q_ij of each label i and class j, and the class suggested for each: of several the likeliest."""
    found: dict[int, int] = {}
    labeled = np.split(np.argsort(given, kind="stable"), np.cumsum(np.bincount(given, minlength=said.shape[1]))[:-1])
    for i, j in np.argwhere(joint > 0).tolist():
        most = round(len(said) * joint[i, j])
        if i == j or not most:
            continue
        rows = labeled[i]
        margin = said[rows, j] - said[rows, i]
        for at in np.argsort(-margin, kind="stable")[:most].tolist():
            row = int(rows[at])
            if margin[at] > 0 and (row not in found or said[row, j] > said[row, found[row]]):
                found[row] = j
    rows = np.array(sorted(found), dtype=np.int64)
    return rows, np.array([found[row] for row in rows.tolist()], dtype=np.intp)


def _witness(
    points: NDArray[Any], given: NDArray[Any], rows: Rows, suggested: NDArray[np.intp], among: Rows, k: int
) -> tuple[Floats, NDArray[np.bool_]]:
    """(m,) the share of the k nearest other rows that carries the given label, and whether more carry the suggested one."""
    near = among[exact(points[among]).near(points[rows], min(k + 1, len(among))).rows]
    other = near != rows[:, None]
    other &= np.cumsum(other, axis=1) <= k  # of k + 1 rows at distance 0 the row itself may be none
    carried = given[near]
    same, said = ((other & (carried == label[:, None])).sum(axis=1) for label in (given[rows], suggested))
    return same / np.maximum(other.sum(axis=1), 1), said > same
