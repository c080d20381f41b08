"""Whether a model that was made fast holds on fresh rows as well as one that was trained as usual."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.errors import OptionError
from tacit.stability.intervals import Interval, bootstrapped

__all__ = ["Generalization", "generalization"]


@dataclass(frozen=True)
class Generalization:
    """What models lose on rows that nobody tuned anything on.

    Attributes:
        loss: What the model loses: its mean on its own evaluation rows minus that on fresh rows.
        usual_loss: What the model that was trained as usual loses.
        excess: loss - usual_loss. Above 0 the model loses more, where higher values are better.
        interval: Where the excess lies with a probability of 95 %.
        paired: Whether both models were measured on the same rows.
    """

    loss: float
    usual_loss: float
    excess: float
    interval: Interval
    paired: bool


def generalization(
    own: ArrayLike, fresh: ArrayLike, usual_own: ArrayLike, usual_fresh: ArrayLike, *, paired: bool = True, seed: int = 0
) -> Generalization:
    """The difference of differences, by a bootstrap over rows (the question of Coleman et al. 2019; expanded percentiles).

    That both models lose on fresh rows is usual: they are harder, or the rows of the evaluation were chosen by. What counts is
    whether the one loses more than the other.

    Arguments:
        own, fresh: (n,) and (m,) of the model, for each row: 1 where it was right and 0 where not, or a loss (then the sign turns).
        usual_own, usual_fresh: Of the model that was trained as usual.
        paired: Whether the i-th rows are the same for both models, as they should be: then how hard a row is falls out.
        seed: Of the bootstrap.

    Raises:
        OptionError: There are fewer than two rows of one sort, or they are to be pairs and are not as many.
    """
    a, b, c, d = (np.asarray(x, dtype=np.float64) for x in (own, fresh, usual_own, usual_fresh))
    if min(map(len, (a, b, c, d))) < 2 or (paired and (len(a), len(b)) != (len(c), len(d))):
        raise OptionError(
            f"{len(a)} own and {len(b)} fresh rows of one model cannot be compared with {len(c)} and {len(d)} of the other",
            right="there are at least two, and as many for both models where they are the same rows",
            next="generalization(own, fresh, usual_own, usual_fresh, paired=False)",
        )
    samples = [a - c, b - d] if paired else [a, b, c, d]
    loss, usual = float(a.mean() - b.mean()), float(c.mean() - d.mean())
    return Generalization(loss, usual, loss - usual, bootstrapped(samples, _excess, seed=seed), paired)


def _excess(*samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """own - fresh, minus the same of the usual model where it is apart."""
    return np.asarray(sum(sign * x.mean(axis=-1) for sign, x in zip((1, -1, -1, 1), samples, strict=False)))
