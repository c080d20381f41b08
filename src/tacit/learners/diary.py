"""What a learner made of each row whenever it saw it: for whoever asks which rows are hard to learn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Diary"]


class Diary:
    """Notes of one fit: a page for each time that rows are seen, of what had been learned until then.

    A learner that sees rows again and again writes into `Cache.diary`, if there is one; others leave it empty. What an image looked
    like when it was seen, varied or not, is what is noted (Toneva et al., "An empirical study of example forgetting", ICLR 2019).

    Arguments:
        target: (n, n_classes) shares of the rows that are fitted, in their order.
    """

    def __init__(self, target: NDArray[np.floating]) -> None:
        self._target = np.asarray(target, np.float32)
        self._truth = self._target.argmax(axis=1)
        self._seen = np.zeros(len(target), np.int64)
        self._right: list[NDArray[np.bool_]] = []
        self._norms: list[NDArray[np.float32]] = []

    def note(self, rows: NDArray[np.integer], probabilities: NDArray[np.floating]) -> None:
        """Write down (b, n_classes) what is predicted for (b,) rows, none of them twice."""
        pages = self._seen[rows]
        while int(pages.max(initial=-1)) >= len(self._right):
            self._right.append(np.zeros(len(self._truth), dtype=np.bool_))
            self._norms.append(np.zeros(len(self._truth), np.float32))
        right = probabilities.argmax(axis=1) == self._truth[rows]
        norms = np.linalg.norm(probabilities - self._target[rows], axis=1)
        for page in np.unique(pages).tolist():
            here = pages == page
            self._right[page][rows[here]] = right[here]
            self._norms[page][rows[here]] = norms[here]
        self._seen[rows] += 1

    @property
    def epochs(self) -> int:
        """How often every row was seen at least."""
        return int(self._seen.min(initial=len(self._right)))

    @property
    def right(self) -> NDArray[np.bool_]:
        """(epochs, n) whether each row was predicted right."""
        return np.array(self._right[: self.epochs], dtype=np.bool_).reshape(self.epochs, len(self._truth))

    @property
    def norms(self) -> NDArray[np.float32]:
        """(epochs, n) the distance of the probabilities from the target, the error norm of EL2N (Paul et al., NeurIPS 2021)."""
        return np.array(self._norms[: self.epochs], dtype=np.float32).reshape(self.epochs, len(self._truth))
