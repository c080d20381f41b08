"""Functions that say the same for a reason other than being right: together they count as one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tacit.labels.answers import Answers

__all__ = ["MOST", "alikeness", "shares_of_a_voice"]

MOST = 400  # functions; above, pairs of them are not looked at
_ALIKE, _MARGIN = 0.6, 0.1


def alikeness(answers: Answers) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How much alike two functions vote, and how sure that is.

    The correlation of "says c" over the rows, pooled over the classes; -1 to 1, about 0 for functions that have nothing to do with
    each other. An abstention is no vote for any class.

    Returns:
        Two (n_functions, n_functions) float64: the correlations, and their spread if they were independent.
    """
    m, k, n = answers.n_functions, answers.n_classes, max(answers.n, 1)
    share = answers.totals / n
    both = np.zeros((m, m))
    for c in range(k):
        both += answers.together(np.arange(m) * k + c)
    apart = share.sum(1) - (share**2).sum(1)
    size = np.sqrt(np.maximum(np.outer(apart, apart), 1e-300))
    # Few votes can be alike by luck: one more row on which they are not is added.
    sure = 1 / np.sqrt(1 + np.minimum.outer(share.sum(1), share.sum(1)) * n)
    return np.round((both / n - share @ share.T) / size, 9), sure  # rounded: thresholds must not hang on the order of sums


def shares_of_a_voice(answers: Answers, ignored: tuple[int, ...] = ()) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How much of a voice each function has, given its copies.

    Two good functions agree often too. If agreement comes from being right, correlations are products of two skills, r_jl = v_j v_l,
    so that r_jl is what correlations with any two others foretell: r_jp r_lq / r_pq (the tetrad of Spearman, 1904). What goes beyond
    that, as a share of what can, is how much l copies j; a function with copies s_1, s_2, ... has 1 / (1 + s_1 + s_2 + ...) of a voice.

    Returns:
        (n_functions,) float64 in (0, 1], and (n_functions, n_functions) float64, how much of a copy each is of each.
    """
    m = answers.n_functions
    copied = np.zeros((m, m))
    if not 2 <= m <= MOST:
        return np.ones(m), copied
    alike, sure = alikeness(answers)
    np.fill_diagonal(alike, 1.0)
    near = alike >= _ALIKE
    silent = answers.totals.sum(1) == 0
    for j, other in zip(*np.nonzero(np.triu(near, 1)), strict=True):
        outside = ~near[j] & ~near[other] & ~silent
        outside[list(ignored)] = False
        among = alike[np.ix_(outside, outside)].copy()
        np.fill_diagonal(among, 0.0)
        size = float((among**2).sum())
        if outside.sum() >= 2 and size > 1e-6:
            foretold = float(alike[j, outside] @ among @ alike[other, outside]) / size
            foretold = min(max(foretold, 0.0), 0.999)
        else:
            foretold = 0.0 if alike[j, other] >= 0.95 else 1.0  # none to compare with: only plain copies
        beyond = alike[j, other] - foretold - _MARGIN - 2.6 * sure[j, other] * (1 - foretold)
        copied[j, other] = copied[other, j] = min(max(beyond / max(1 - foretold - _MARGIN, 0.05), 0.0), 1.0)
    return 1 / (1 + copied.sum(1)), copied
