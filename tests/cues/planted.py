"""Rows with a planted cue, and a model that sees nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np

from tacit.cues.associations import Ask
from tacit.planted import Planted


def labeled(planted: Planted, column: str) -> tuple[dict[str, list[Any]], np.ndarray]:
    """The column, and whether each row is of the favored class."""
    truth = np.array([row[planted.label] == planted.favored for row in planted.rows]).astype(int)
    return {column: [row[column] for row in planted.rows]}, truth


def leaning(column: str, sees: Any) -> Ask:
    """A model that is .9 sure of the second class where it sees the cue, else .2."""

    def ask(columns: Any) -> np.ndarray:
        p = np.array([0.9 if sees(value) else 0.2 for value in columns[column]])
        return np.column_stack([1 - p, p])

    return ask
