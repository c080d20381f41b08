"""Fairness of a classifier between groups: rates and their differences, defined as in fairlearn, and calibration by group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.audits.chance import ranges
from tacit.audits.inputs import class_probabilities, classes_of, predictions, same_length
from tacit.audits.membership import Grouping
from tacit.errors import OptionError
from tacit.metrics import Calibration, calibration

__all__ = ["Difference", "Fairness", "GroupCalibration", "Rates", "calibration_by_group", "fairness", "one_vs_rest"]

_DRAWS = 1000

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rates:
    """What happens to the rows of a group, as shares; NaN where there is nothing to be a share of.

    Attributes:
        name: Of the group.
        n: Its rows.
        base: Truly of the positive class.
        selected: Predicted to be of the positive class.
        true_positive: Of those truly of it, the predicted ones; 1 minus it is `false_negative`.
        false_positive: Of those truly of another, the ones predicted to be of it.
        precision: Of those predicted to be of it, the ones that truly are.
    """

    name: str
    n: int
    base: float
    selected: float
    true_positive: float
    false_positive: float
    precision: float

    @property
    def false_negative(self) -> float:
        """Of those truly of the positive class, the ones predicted to be of another."""
        return 1 - self.true_positive


@dataclass(frozen=True)
class Difference:
    """The largest rate of a group minus the smallest.

    Attributes:
        value: 0 to 1; NaN where no group has the rate.
        chance: What it stays under, 95 times in 100, where groups of these sizes differ by chance alone.
    """

    value: float
    chance: float


@dataclass(frozen=True)
class Fairness:
    """How differently a classifier treats groups.

    Attributes:
        column: Of the grouping.
        positive: The class whose prediction counts as favorable.
        groups: The rates of each group that has rows.
        demographic_parity: The difference of selection rates (Dwork et al. 2012; Agarwal et al. 2018, section 2).
        demographic_parity_ratio: The smallest selection rate over the largest; NaN where nobody is selected.
        equal_opportunity: The difference of true positive rates, and so of false negative rates (Hardt et al. 2016, definition 2.2).
        false_positives: The difference of false positive rates (predictive equality, Corbett-Davies et al. 2017).
        equalized_odds: The larger of these two (Hardt et al. 2016, definition 2.1; Agarwal et al. 2018).
        predictive_parity: The difference of precisions (Chouldechova 2017, definition 2).
        notes: Which groups have no rate to compare.
    """

    column: str
    positive: int
    groups: tuple[Rates, ...]
    demographic_parity: Difference
    demographic_parity_ratio: float
    equal_opportunity: Difference
    false_positives: Difference
    equalized_odds: Difference
    predictive_parity: Difference
    notes: tuple[str, ...]


@dataclass(frozen=True)
class GroupCalibration:
    """Whether 80 % sure means right in 80 % of the cases, for a group.

    Attributes:
        name: Of the group.
        n: Its rows.
        calibration: Its ECE and bins.
        chance: What the ECE of so few rows stays under, 95 times in 100, where the model is calibrated.
    """

    name: str
    n: int
    calibration: Calibration
    chance: float


def fairness(predicted: ArrayLike, truth: ArrayLike, grouping: Grouping, positive: int, *, seed: int = 0) -> Fairness:
    """Rates of groups, and how far they are apart.

    A rate without rows, such as the true positive rate of a group with no positives, is NaN and left out of the differences; fairlearn
    0.15 takes it for 0. Where all rates are known the figures are fairlearn's.

    Arguments:
        predicted: (n, k) probabilities, the largest of which counts.
        truth: (n,) positions of classes, or (n, k) probabilities.
        grouping: Of the same rows; rows in no group are left out.
        positive: The position of the class; the others together are its opposite.
        seed: Of what is drawn for `chance`.

    Raises:
        OptionError: Lengths differ, values are missing, no such class, or no row is in a group.
    """
    said, true = _classes(predicted, truth, grouping)
    return _fairness(said, true, grouping, positive, np.shape(predicted)[1], seed)


def one_vs_rest(predicted: ArrayLike, truth: ArrayLike, grouping: Grouping, *, seed: int = 0) -> tuple[Fairness, ...]:
    """`fairness` with each class in turn as the positive one; arguments are its."""
    said, true = _classes(predicted, truth, grouping)
    k = np.shape(predicted)[1]
    return tuple(_fairness(said, true, grouping, c, k, seed) for c in range(k))


def calibration_by_group(
    probabilities: ArrayLike, truth: ArrayLike, grouping: Grouping, *, bins: int = 15, seed: int = 0
) -> tuple[GroupCalibration, ...]:
    """The expected calibration error of each group that has rows, as `tacit.metrics.calibration` computes it.

    The ECE of few rows is never 0, however calibrated the model. What chance gives is drawn as in Bröcker and Smith (2007,
    section 3): each bin is right as often as it is sure.

    Arguments:
        probabilities: (n, k).
        truth, grouping: As in `fairness`.
        bins: At most so many for each group.
        seed: Of the drawing.
    """
    said, true = predictions(probabilities, truth)
    same_length(len(said), **{grouping.column: len(grouping.codes)})
    rng, found = np.random.default_rng(seed), []
    for g, n in enumerate(grouping.sizes.tolist()):
        if n:
            rows = grouping.codes == g
            measured = calibration(said[rows], true[rows], bins=bins)
            size, sure = (np.array([getattr(b, part) for b in measured.bins]) for part in ("n", "confidence"))
            drawn = np.abs(rng.binomial(size, np.minimum(sure, 1), (_DRAWS, len(size))) - size * sure).sum(axis=1) / n
            found.append(GroupCalibration(grouping.names[g], n, measured, float(np.quantile(drawn, 0.95))))
    return tuple(found)


def _classes(predicted: ArrayLike, truth: ArrayLike, grouping: Grouping) -> tuple[NDArray[np.intp], NDArray[Any]]:
    said, true = class_probabilities(predicted, truth)
    same_length(len(said), **{grouping.column: len(grouping.codes)})
    if not grouping.sizes.any():
        raise OptionError(f"no row is in a group of {grouping.column}", next="crossings({name: values})")
    return classes_of(said, said.shape[1]), true


def _fairness(said: NDArray[np.intp], true: NDArray[Any], grouping: Grouping, positive: int, k: int, seed: int) -> Fairness:
    if positive not in range(k):
        raise OptionError(f"there is no class {positive}", right=f"classes are 0 to {k - 1}", next="fairness(..., positive=1)")
    rows = grouping.codes >= 0
    cells = grouping.codes[rows] * 4 + 2 * (true[rows] == positive) + (said[rows] == positive)
    counts = np.bincount(cells, minlength=4 * len(grouping.names)).reshape(-1, 4)
    there = counts.sum(axis=1) > 0
    tn, fp, fn, tp = counts[there].T
    names = [name for name, some in zip(grouping.names, there.tolist(), strict=True) if some]
    n = tn + fp + fn + tp
    parts = {"base": (tp + fn, n), "selected": (tp + fp, n), "true_positive": (tp, tp + fn), "false_positive": (fp, fp + tn)}
    parts["precision"] = (tp, tp + fp)
    with np.errstate(invalid="ignore"):
        rates = {name: hits / of for name, (hits, of) in parts.items()}
    columns = {name: rate.tolist() for name, rate in rates.items()}
    groups = tuple(
        Rates(g, size, **{r: columns[r][i] for r in columns}) for i, (g, size) in enumerate(zip(names, n.tolist(), strict=True))
    )
    compared = ("selected", "true_positive", "false_positive", "precision")
    between = {rate: _between(*parts[rate], seed + i) for i, rate in enumerate(compared)}
    apart = {rate: Difference(value, _quantile(drawn)) for rate, (value, drawn) in between.items()}
    (tpr, by_tpr), (fpr, by_fpr) = between["true_positive"], between["false_positive"]
    most = float(rates["selected"].max())
    words = {
        "true_positive": "rows of the class",
        "false_positive": "rows of another class",
        "precision": "rows predicted to be of it",
    }
    return Fairness(
        grouping.column,
        positive,
        groups,
        apart["selected"],
        float(rates["selected"].min()) / most if most else float("nan"),
        apart["true_positive"],
        apart["false_positive"],
        Difference(float(np.fmax(tpr, fpr)), _quantile(np.fmax(by_tpr, by_fpr))),
        apart["precision"],
        tuple(
            f"{name} has no {what}, so its {rate.replace('_', ' ')} is not known"
            for rate, what in words.items()
            for name, value in zip(names, columns[rate], strict=True)
            if np.isnan(value)
        ),
    )


def _between(hits: NDArray[np.intp], of: NDArray[np.intp], seed: int) -> tuple[float, Floats]:
    """The largest minus the smallest share, and draws of it by chance; NaN where no group has one."""
    some = of > 0
    if not some.any():
        return float("nan"), np.full(_DRAWS, np.nan)
    shares = hits[some] / of[some]
    return float(np.ptp(shares)), ranges(of[some], share=float(hits.sum() / of.sum()), seed=seed)


def _quantile(drawn: Floats) -> float:
    return float(np.quantile(drawn, 0.95))
