"""Query by committee: rows on which several models differ."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.errors import OptionError, nearest
from tacit.selection.contract import Scored
from tacit.selection.pools import Pool

__all__ = ["COMMITTEE", "VOTE_ENTROPY", "committee"]

_KINDS = ("consensus", "vote-entropy", "spread")

Floats = NDArray[np.float64]


def committee(members: ArrayLike, kind: str) -> Floats:
    """Score rows by how much the members of a committee differ; higher is more.

    Arguments:
        members: (m, n, n_classes) probabilities; for "spread" (m, n) predictions of numbers.
        kind: "consensus": the mean Kullback-Leibler divergence of a member from the mean of all (McCallum & Nigam 1998), in nats.
            "vote-entropy": the entropy of the members' likeliest classes (Dagan & Engelson 1995), in nats; a member whose classes tie
            divides its vote. "spread": the standard deviation of their predictions.

    Returns:
        (n,) float64, 0 where all agree.

    Raises:
        OptionError: The kind is unknown, or the array does not fit it.

    Example:
        >>> committee([[[1.0, 0.0]], [[0.0, 1.0]]], "vote-entropy").round(3).tolist()
        [0.693]
    """
    if kind not in _KINDS:
        raise OptionError(
            f'committees have no "{kind}"',
            right=f"it is {', '.join(_KINDS[:-1])} or {_KINDS[-1]}",
            next=f'write "{nearest(kind, _KINDS) or "consensus"}"',
        )
    told = np.asarray(members)
    wanted = 2 if kind == "spread" else 3
    numbers = told.ndim == wanted and told.dtype.kind in "fiub" and len(told) > 0
    if not numbers or not np.isfinite(told).all() or (wanted == 3 and (told < 0).any()):
        raise OptionError(
            f"members are an array of {told.dtype} with shape {told.shape}" + ", not all of them usable" * numbers,
            right="they are finite numbers of shape (members, rows)"
            if wanted == 2
            else "they are probabilities of shape (members, rows, classes)",
            next='committee([[1.0], [2.0]], "spread")' if wanted == 2 else 'committee([[[1.0, 0.0]], [[0.5, 0.5]]], "consensus")',
        )
    if kind == "spread":
        return np.asarray(told.std(axis=0, dtype=np.float64))
    if kind == "vote-entropy":
        leads = (told == told.max(axis=2, keepdims=True)).astype(float)
        return _entropy((leads / leads.sum(axis=2, keepdims=True)).mean(axis=0))
    mean, within = np.zeros(told.shape[1:]), np.zeros(told.shape[1])
    for member in told:  # one at a time: the logarithms of all would be twice the memory of what is given
        mean += member
        within += _entropy(member.astype(float))
    # The mean of sum p log(p / mean) is the entropy of the mean less the mean entropy.
    return np.asarray(np.maximum(_entropy(mean / len(told)) - within / len(told), 0))


def _entropy(p: Floats) -> Floats:
    """0 log 0 is 0: the logarithm of the smallest number is finite."""
    return np.asarray(-np.einsum("ij,ij->i", p, np.log(np.maximum(p, np.finfo(float).tiny))))


def _differ(pool: Pool) -> Floats:
    members: NDArray[Any] = pool.need("members", "committee")
    if members.ndim == 2 or pool.kind == "numbers":
        return committee(members, "spread")
    if pool.kind == "labels":
        # Each label is a class of its own against its absence, and labels add up.
        m, n, k = members.shape
        either = np.stack([members, 1 - members], axis=-1).reshape(m, n * k, 2)
        return np.asarray(committee(either, "consensus").reshape(n, k).sum(axis=1))
    return committee(members, "consensus")


def _votes_differ(pool: Pool) -> Floats:
    return committee(pool.need("members", "vote-entropy"), "vote-entropy")


COMMITTEE = Scored("committee", ("members",), _differ)
"""The mean divergence from the consensus; of numbers the spread."""

VOTE_ENTROPY = Scored("vote-entropy", ("members",), _votes_differ)
