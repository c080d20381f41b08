"""The seam between labeling functions and votes: whoever is asked, the asking is the same."""

from __future__ import annotations

from tacit.functions import LabelingFunction
from tacit.labels.asking import Asked
from tacit.labels.ballots import Voter
from tacit.labels.functions import Called
from tacit.types import Category

__all__ = ["voter"]


def voter(function: LabelingFunction, output: Category) -> Voter:
    """A labeling function, ready to be asked: it is called, or its language model is."""
    return Called(function, output) if function.interview is None else Asked(function, output)
