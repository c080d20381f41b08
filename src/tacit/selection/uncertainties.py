"""How unsure a model is of each row."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.errors import OptionError, nearest
from tacit.selection.blocks import of_logits, of_probabilities, pieces

__all__ = ["KINDS", "OVER", "span_uncertainty", "uncertainty"]

KINDS = ("least-confidence", "margin", "entropy")
OVER = ("mean", "max", "sum")


def uncertainty(probabilities: ArrayLike, kind: str, *, of: str = "classes", logits: bool = False) -> NDArray[np.float64]:
    """Score rows by how unsure the model is; higher is less sure.

    The three classical scores of Settles, Active Learning Literature Survey (2009), section 3.1: one minus the largest
    probability; one minus the distance of the two largest; the entropy, in nats, with 0 log 0 = 0.

    Of several labels the scores are those of the whole set of labels, taken as independent: with q the larger of p and 1 - p, the
    likeliest of the 2^k sets has the probability prod q, the next one differs in the least sure label, and entropies add.

    Arguments:
        probabilities: (n, n_classes), rows sum to 1, at least two classes; for labels (n, n_labels), each from 0 to 1.
        kind: "least-confidence", "margin" or "entropy".
        of: "classes", of which one is right, or "labels", of which any may be.
        logits: Whether the array has what the softmax (of labels: the logistic function) would make probabilities of. Minus
            infinity is a class that cannot be.

    Returns:
        (n,) float64. Beside it little memory is used: the array is read once, in blocks.

    Raises:
        OptionError: The kind is unknown, or the array is none of probabilities.

    Example:
        >>> uncertainty([[0.5, 0.5], [0.9, 0.1]], "margin").round(2).tolist()
        [1.0, 0.2]
    """
    if kind not in KINDS or of not in ("classes", "labels"):
        wrong, known = (kind, KINDS) if kind not in KINDS else (of, ("classes", "labels"))
        raise OptionError(
            f'there is no uncertainty {"" if known is KINDS else "of "}"{wrong}"',
            right=f"it is {', '.join(known[:-1])} or {known[-1]}",
            next=f'write "{nearest(wrong, known) or known[1]}"',
        )
    p = _table(probabilities, least=2 if of == "classes" else 1)
    if of == "classes":
        return of_logits(p, kind) if logits else of_probabilities(p, kind)
    scores = np.empty(len(p))
    for rows in pieces(*p.shape):
        scores[rows] = _of_sets(_smaller(p[rows].astype(float), logits), kind)
    return scores


def span_uncertainty(
    probabilities: ArrayLike, lengths: ArrayLike, kind: str, *, over: str = "mean", logits: bool = False
) -> NDArray[np.float64]:
    """Score texts by how unsure the model is of their tokens; higher is less sure.

    The score of a text is the mean, the largest or the sum of those of its tokens: mean and sum of the entropies are the token
    entropy and the total token entropy of Settles & Craven (2008), section 3.1. The sum prefers long texts.

    Arguments:
        probabilities: (n_tokens, n_classes) of all tokens, text after text.
        lengths: (n,) int, tokens of each text, 0 or more. A text without tokens scores 0.
        kind, logits: As for `uncertainty`.
        over: "mean", "max" or "sum".

    Raises:
        OptionError: As `uncertainty` does; lengths do not add up to the tokens; `over` is unknown.

    Example:
        >>> span_uncertainty([[0.5, 0.5], [1, 0], [0.9, 0.1]], [2, 1], "margin").round(2).tolist()
        [0.5, 0.2]
    """
    if over not in OVER:
        raise OptionError(
            f'scores of tokens have no "{over}"',
            right=f"it is {', '.join(OVER[:-1])} or {OVER[-1]}",
            next=f'write over="{nearest(over, OVER) or "mean"}"',
        )
    each, counts = uncertainty(probabilities, kind, logits=logits), np.asarray(lengths)
    fits = counts.ndim == 1 and (not counts.size or (counts.dtype.kind in "iu" and counts.min() >= 0))
    if not fits or counts.sum() != len(each):
        raise OptionError(
            f"lengths are {counts.size:,} numbers of {counts.dtype}, for {len(each):,} tokens",
            right="they are whole numbers of 0 or more that add up to the tokens",
            next="lengths=[len(tokens) for tokens in texts]",
        )
    scores, heard = np.zeros(len(counts)), counts > 0
    if heard.any():
        starts = (np.cumsum(counts) - counts)[heard]
        scores[heard] = (np.maximum if over == "max" else np.add).reduceat(each, starts)
        if over == "mean":
            scores[heard] /= counts[heard]
    return scores


def _table(probabilities: ArrayLike, least: int) -> NDArray[Any]:
    p = np.asarray(probabilities)
    if p.ndim != 2 or p.shape[1] < least or p.dtype.kind not in "fiub":
        raise OptionError(
            f"probabilities are an array of {p.dtype} with shape {p.shape}",
            right=f"they are finite numbers of shape (rows, {least} or more {'classes' if least == 2 else 'labels'})",
            next='uncertainty([[0.5, 0.5]], "margin")',
        )
    return p


def _smaller(p: NDArray[np.float64], logits: bool) -> NDArray[np.float64]:
    """(n, n_labels): the smaller of the probabilities that a label is there and that it is not."""
    if logits and not np.isnan(p).any():
        odds = np.exp(-np.abs(p))
        return np.asarray(odds / (1 + odds))
    if logits or not np.all((p >= 0) & (p <= 1)):
        raise OptionError(
            f"probabilities of labels are an array of shape {p.shape}, with values that are no probabilities",
            right="each is from 0 to 1" + ", or a logit that is not NaN" * logits,
            next='uncertainty([[0.5, 0.9]], "margin", of="labels")',
        )
    return np.minimum(p, 1 - p)


def _of_sets(small: NDArray[np.float64], kind: str) -> NDArray[np.float64]:
    if kind == "entropy":
        logs = np.log(np.maximum(small, np.finfo(float).tiny))
        return np.asarray(-(small * logs + (1 - small) * np.log1p(-small)).sum(1))
    likeliest = np.log1p(-small).sum(1)
    if kind == "least-confidence":
        return np.asarray(-np.expm1(likeliest))
    next_best = (small / (1 - small)).max(1)
    return np.asarray(1 - np.exp(likeliest) * (1 - next_best))
