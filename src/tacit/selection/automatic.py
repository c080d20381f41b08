"""Which strategy suits a pool, and why."""

from __future__ import annotations

from dataclasses import dataclass

from tacit.errors import OptionError
from tacit.selection.pools import Pool

__all__ = ["Choice", "auto"]

FEW = 10
"""Labels a class, below which the model's doubts tell less than where the pool is dense."""


@dataclass(frozen=True)
class Choice:
    """A strategy and the reason for it, as people read it.

    Attributes:
        strategy: Its name.
        reason: Without the name: "8 labels are few for 3 classes, so typical rows come first".
    """

    strategy: str
    reason: str


def auto(pool: Pool, labels: int, n_classes: int = 0) -> Choice:
    """Choose a strategy by how many labels there are.

    Few labels are best spent on typical rows and many on unsure ones; either rule loses to random rows in the other's regime (Hacohen,
    Dekel & Weinshall 2022, section 3). The border is 10 labels a class, and 20 for numbers, a round number in the gap that they found.

    Arguments:
        pool: What there is to look at.
        labels: How many labels there are.
        n_classes: Of how many classes or labels; 0 for numbers.

    Raises:
        OptionError: A count is negative.
    """
    if labels < 0 or n_classes < 0:
        raise OptionError(
            f"there are {labels} labels of {n_classes} classes", right="counts are 0 or more", next="auto(pool, 100, n_classes=2)"
        )
    few = FEW * max(n_classes, 2)
    of = f"{n_classes:,} classes" if n_classes else "numbers"
    enough = f"{labels:,} labels are enough for {of}, so rows come first"
    asked = pool.probabilities is not None and pool.kind != "numbers"
    if labels < few and pool.features is not None:
        return Choice("typical", f"{labels:,} labels are few for {of} (fewer than {few:,}), so typical rows come first")
    if asked and labels < few:
        return Choice("margin", f"{labels:,} labels are few for {of}, but there are no features to tell what is typical")
    if asked:
        return Choice("margin", f"{enough} of which the model is unsure")
    if pool.members is not None:
        return Choice("committee", f"{enough} on which models differ")
    if pool.features is not None:
        return Choice("k-center", "no model says of what it is unsure, so rows that cover the pool come first")
    return Choice("random", "there is neither a model nor features to choose by")
