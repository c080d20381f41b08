"""An encoder -> one vector for each of its tokens: texts then need no net (Model2Vec: Tulkens and van Dongen, 2024)."""

from __future__ import annotations

import numpy as np

from tacit.learners.contract import Floats, check_time
from tacit.learners.deep.text import load
from tacit.learners.encoders import Pretrained

__all__ = ["distill", "distilling_seconds"]

_BATCH = 512
_SIF = 1e-4
"""Tokens more frequent than this lose weight (Arora, Liang and Ma, 2017)."""


def distill(pretrained: Pretrained, *, width: int, deadline: float | None) -> Floats:
    """What the encoder makes of each token alone, in its main directions, with less weight on frequent tokens.

    The order of a vocabulary stands for frequency, by Zipf's law.

    Arguments:
        pretrained: The encoder.
        width: How many directions are kept.
        deadline: In seconds of `time.monotonic`.

    Returns:
        (vocabulary, width) float16; tokens that stand for no text are 0.

    Raises:
        BudgetError: The deadline passed before the end.
    """
    net = load(pretrained)
    tokens = net.tokens.get_vocab(with_added_tokens=True)
    size = max(tokens.values()) + 1
    around = net.tokens.encode("").ids
    begin, end = around[: len(around) // 2], around[len(around) // 2 :]
    plain = sorted(i for token, i in tokens.items() if not (token.startswith(("[", "<")) and token.endswith(("]", ">"))))
    alone = [[*begin, i, *end] for i in plain]
    made = []
    for vectors in net.side_by_side([alone[start : start + _BATCH] for start in range(0, len(alone), _BATCH)]):
        check_time(deadline)
        made.append(vectors.astype(np.float32))
    found = _main_directions(np.concatenate(made), width)
    table = np.zeros((size, found.shape[1]), np.float32)
    table[plain] = found
    shares = 1 / np.arange(2, size + 2)
    table *= (_SIF / (_SIF + shares / shares.sum()))[:, None]
    return np.asarray((table / np.abs(table).max()).astype(np.float16))


def distilling_seconds(pretrained: Pretrained) -> float:
    """What `distill` takes on this machine."""
    net = load(pretrained)
    return net.tokens.get_vocab_size() * net.seconds_for(["word"])


def _main_directions(vectors: Floats, width: int) -> Floats:
    """Principal components: (n, d) -> (n, width), around the mean."""
    around = vectors - vectors.mean(axis=0)
    _, directions = np.linalg.eigh(around.T @ around)
    found: Floats = around @ directions[:, ::-1][:, :width]
    return found
